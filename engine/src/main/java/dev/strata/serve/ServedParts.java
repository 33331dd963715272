package dev.strata.serve;

import dev.strata.blob.Blobs;
import dev.strata.compress.CompressedBlob;
import dev.strata.compress.CompressedParts;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parts of a layer, for one response. Not thread-safe. */
final class ServedParts implements AutoCloseable {
  private static final String BOUNDARY = "strata-part-of-a-layer-7c1e9ba0d5f34e62";

  /** One of them is null. */
  private final @Nullable LayerRange layer;

  private final @Nullable CompressedParts compressed;

  private ServedParts(@Nullable LayerRange layer, @Nullable CompressedParts compressed) {
    this.layer = layer;
    this.compressed = compressed;
  }

  /** Opens a blob; returns null if it can only be sent as a whole. */
  static @Nullable ServedParts of(ServedRepository.ServedBlob served) {
    Layer content = served.layer();
    if (content == null) {
      return null;
    }
    if (!(served.blob() instanceof CompressedBlob blob)) {
      return new ServedParts(LayerRange.open(content), null);
    }
    CompressedParts parts = blob.parts(content).orElse(null);
    return parts == null ? null : new ServedParts(null, parts);
  }

  /**
   * Sends parts: one as it is, several as {@code multipart/byteranges} (RFC 9110, 14.6).
   *
   * @return the size of the body in bytes
   */
  long send(List<ByteRange> ranges, long size, HttpExchange exchange) throws IOException {
    if (ranges.size() == 1) {
      ByteRange range = ranges.getFirst();
      exchange.header("Content-Range", place(range, size));
      exchange.begin(ServedRequests.PARTIAL_CONTENT, range.length());
      write(range, exchange);
      return range.length();
    }
    exchange.header("Content-Type", "multipart/byteranges; boundary=" + BOUNDARY);
    byte[] end = ascii("\r\n--" + BOUNDARY + "--\r\n");
    List<byte[]> heads = new ArrayList<>();
    long length = end.length;
    for (ByteRange range : ranges) {
      byte[] head =
          ascii(
              (heads.isEmpty() ? "--" : "\r\n--")
                  + BOUNDARY
                  + "\r\nContent-Type: application/octet-stream\r\nContent-Range: "
                  + place(range, size)
                  + "\r\n\r\n");
      heads.add(head);
      length += head.length + range.length();
    }
    exchange.begin(ServedRequests.PARTIAL_CONTENT, length);
    for (int i = 0; i < heads.size(); i++) {
      Blobs.writeFully(exchange, ByteBuffer.wrap(heads.get(i)));
      write(ranges.get(i), exchange);
    }
    Blobs.writeFully(exchange, ByteBuffer.wrap(end));
    return length;
  }

  private void write(ByteRange range, HttpExchange exchange) throws IOException {
    if (compressed != null) {
      compressed.write(range.first(), range.length(), exchange);
    } else if (layer != null) {
      layer.write(range.first(), range.length(), exchange);
    }
  }

  private static String place(ByteRange range, long size) {
    return "bytes " + range.first() + "-" + (range.end() - 1) + "/" + size;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    if (compressed != null) {
      compressed.close();
    }
    if (layer != null) {
      layer.close();
    }
  }
}
