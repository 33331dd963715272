package dev.strata.cli.look;

import com.github.luben.zstd.ZstdInputStream;
import dev.strata.blob.Blob;
import dev.strata.io.StrataException;
import dev.strata.transport.archive.TarEntries;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;

/**
 * The contents of the tar of a layer.
 *
 * @param size the uncompressed size of the tar in bytes
 * @param sizes the size of each path in bytes; grouped by store path, or by the first two parts of
 *     the name
 */
record LayerContents(long size, Map<String, Long> sizes) {
  private static final int BLOCK = 512;
  private static final int BUFFER = 64 << 10;

  /** About what the names may take, which is enough for 200,000 paths. */
  private static final int MAX_MEMORY = 64 << 20;

  private static final int MEMORY_OF_GROUP = 200;
  private static final String OTHERS = "(other paths)";
  private static final Pattern STORE_PATH = Pattern.compile("[0-9a-z]{32}-.+");

  /** Reads a whole layer and verifies its digest. */
  static LayerContents read(Blob blob) {
    try {
      Pipe pipe = Pipe.open();
      CompletableFuture<Void> writing =
          CompletableFuture.runAsync(
              () -> {
                try (Pipe.SinkChannel sink = pipe.sink()) {
                  blob.writeTo(sink);
                } catch (IOException e) {
                  throw new CompletionException(e);
                }
              },
              work -> Thread.ofPlatform().daemon().start(work));
      LayerContents contents;
      try (InputStream in =
          new BufferedInputStream(Channels.newInputStream(pipe.source()), BUFFER)) {
        contents = read(in, blob.descriptor().mediaType());
        in.skip(Long.MAX_VALUE);
      }
      writing.join();
      return contents;
    } catch (CompletionException e) {
      if (e.getCause() instanceof StrataException s) {
        throw s;
      }
      throw failure(blob, e);
    } catch (IOException e) {
      throw failure(blob, e);
    }
  }

  private static StrataException failure(Blob blob, Exception e) {
    return new StrataException(
        "cannot read the layer " + blob.descriptor().digest() + ": " + e.getMessage(), e);
  }

  private static LayerContents read(InputStream in, String mediaType) throws IOException {
    Counted counted = new Counted(unpack(in, mediaType));
    Map<String, Long> sizes = new TreeMap<>();
    long memory = 0;
    TarEntries tar = TarEntries.of(counted);
    for (TarArchiveEntry entry = tar.next(); entry != null; entry = tar.next()) {
      long bytes = BLOCK + (entry.getSize() + BLOCK - 1) / BLOCK * BLOCK;
      String group = group(entry.getName());
      if (!sizes.containsKey(group)) {
        memory += MEMORY_OF_GROUP + group.length();
      }
      sizes.merge(memory <= MAX_MEMORY ? group : OTHERS, bytes, Long::sum);
    }
    byte[] rest = new byte[BUFFER];
    while (counted.read(rest, 0, rest.length) >= 0) {
      // Reads to the end to count the bytes.
    }
    return new LayerContents(counted.count, sizes);
  }

  private static InputStream unpack(InputStream in, String mediaType) throws IOException {
    if (mediaType.endsWith("gzip")) {
      return new GZIPInputStream(in, BUFFER);
    }
    return mediaType.endsWith("zstd") ? new ZstdInputStream(in) : in;
  }

  /** Returns the start of a name, up to the store path or else to the second part. */
  private static String group(String name) {
    List<String> parts = new ArrayList<>();
    int kept = 2;
    for (String part : name.split("/", -1)) {
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
        if (STORE_PATH.matcher(part).matches()) {
          kept = parts.size();
          break;
        }
      }
    }
    return "/" + String.join("/", parts.subList(0, Math.min(kept, parts.size())));
  }

  private static final class Counted extends InputStream {
    private final InputStream in;
    private long count;

    Counted(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      int b = in.read();
      count += b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int n = in.read(bytes, offset, length);
      count += Math.max(0, n);
      return n;
    }
  }
}
