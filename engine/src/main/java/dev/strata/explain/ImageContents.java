package dev.strata.explain;

import dev.strata.blob.Blob;
import dev.strata.blob.CountingChannel;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.HashingCopy;
import dev.strata.blob.NullChannel;
import dev.strata.blob.PendingBlob;
import dev.strata.compress.DecompressingChannel;
import dev.strata.image.ImageBlobs;
import dev.strata.internal.tar.TarParser;
import dev.strata.io.CorruptDataException;
import dev.strata.io.StrataException;
import dev.strata.transport.Transfer;
import dev.strata.transport.Workers;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files in the layers of images from any source: streams each layer, checks its digest,
 * decompresses it and parses the tar stream. Layers are read in parallel, and a layer that occurs
 * several times is read once. Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class ImageContents {
  private ImageContents() {}

  /**
   * Receives the entries of one layer, in the order of its tar stream, from one thread.
   *
   * @param <T> the type of the result
   * @since 0.1.0
   */
  public interface Visitor<T> {
    /**
     * Receives an entry.
     *
     * @param entry the entry
     * @return a channel that receives the content of a file and is closed at its end; null if the
     *     content is not wanted
     * @throws IOException if the entry cannot be received
     */
    @Nullable WritableByteChannel entry(FileEntry entry) throws IOException;

    /**
     * Ends the layer, whose digest has been checked by now.
     *
     * @param size the size of the tar stream in bytes, uncompressed
     * @return the result for this layer
     */
    T finish(long size);
  }

  /**
   * Reads all entries of an image.
   *
   * @param image the image
   * @param checksums whether to compute the checksum of every file
   * @param transfer the number of layers to read at once, and the listener that may cancel it
   * @return the entries of each layer, the lowest layer first
   * @throws CorruptDataException if a layer is not a tar stream, or does not have its digest
   * @throws StrataException if a layer cannot be read
   * @throws java.util.concurrent.CancellationException if the work is cancelled or the calling
   *     thread interrupted
   */
  public static List<LayerFiles> read(ImageBlobs image, boolean checksums, Transfer transfer) {
    return read(image.layers(), _ -> collector(checksums), transfer);
  }

  /**
   * Shows all entries of several layers to visitors.
   *
   * @param <T> the type of the results
   * @param layers the layers, compressed or not
   * @param visitor makes the visitor for a layer; called once for each different digest
   * @param transfer the number of layers to read at once, and the listener that may cancel it
   * @return the result of each layer, in the order of the layers
   * @throws CorruptDataException if a layer is not a tar stream, or does not have its digest
   * @throws StrataException if a layer cannot be read
   * @throws java.util.concurrent.CancellationException if the work is cancelled or the calling
   *     thread interrupted
   */
  public static <T> List<T> read(
      List<Blob> layers, Function<Blob, Visitor<T>> visitor, Transfer transfer) {
    return read(layers, Map.of(), visitor, transfer);
  }

  /**
   * Shows all entries of several layers to visitors, and checks diff ids.
   *
   * @param diffIds the digests that uncompressed layers should have, by the digests of the layers;
   *     others are not checked
   */
  static <T> List<T> read(
      List<Blob> layers,
      Map<Digest, Digest> diffIds,
      Function<Blob, Visitor<T>> visitor,
      Transfer transfer) {
    Map<Object, Blob> different = new LinkedHashMap<>();
    layers.forEach(layer -> different.putIfAbsent(key(layer), layer));
    List<Object> keys = List.copyOf(different.keySet());
    List<T> results;
    try (Workers workers = new Workers(transfer)) {
      results =
          workers.map(
              keys,
              key -> {
                Blob layer = Objects.requireNonNull(different.get(key));
                return read(layer, diffIds.get(key), visitor.apply(layer));
              });
    }
    List<T> all = new ArrayList<>();
    layers.forEach(layer -> all.add(results.get(keys.indexOf(key(layer)))));
    return all;
  }

  /** What layers with the same bytes have in common. */
  private static Object key(Blob layer) {
    return PendingBlob.known(layer).<Object>map(Descriptor::digest).orElse(layer);
  }

  /**
   * Shows all entries of a layer to a visitor.
   *
   * @param <T> the type of the result
   * @param layer the layer, compressed or not
   * @param visitor receives the entries
   * @return the result
   * @throws CorruptDataException if the layer is not a tar stream, or does not have its digest
   * @throws StrataException if the layer cannot be read
   */
  public static <T> T read(Blob layer, Visitor<T> visitor) {
    return read(layer, null, visitor);
  }

  private static <T> T read(Blob layer, @Nullable Digest diffId, Visitor<T> visitor) {
    Function<String, StrataException> corrupt =
        problem ->
            new CorruptDataException(
                "cannot read the layer "
                    + PendingBlob.known(layer).map(d -> d.digest().value()).orElse("")
                    + " as a tar stream: "
                    + problem);
    TarParser parser =
        new TarParser(
            member -> {
              FileEntry entry = FileEntry.of(member);
              WritableByteChannel content = visitor.entry(entry);
              return content == null ? new NullChannel() : content;
            },
            corrupt);
    HashingCopy hashed = diffId == null ? null : new HashingCopy(parser, diffId);
    CountingChannel counted = new CountingChannel(hashed == null ? parser : hashed, _ -> {});
    try (DecompressingChannel channel = new DecompressingChannel(counted, corrupt)) {
      layer.writeTo(channel);
      channel.finish();
      parser.finish();
    } catch (IOException e) {
      throw new StrataException(
          "cannot read the layer "
              + PendingBlob.known(layer).map(d -> d.digest().value()).orElse("")
              + ": "
              + e.getMessage(),
          e);
    }
    if (hashed != null && !hashed.matches(Objects.requireNonNull(diffId))) {
      throw new CorruptDataException(
          "cannot use the layer "
              + layer.descriptor().digest()
              + ": its content does not have the diff id "
              + diffId
              + " that the configuration of the image lists; create the image again");
    }
    return visitor.finish(counted.count());
  }

  /** Returns a visitor that collects all entries. */
  static Visitor<LayerFiles> collector(boolean checksums) {
    return new Collector(checksums);
  }

  /** Collects all entries. */
  private static final class Collector implements Visitor<LayerFiles> {
    private final boolean checksums;
    private final Checksum.Channel hash = new Checksum.Channel();
    private final LayerFiles.Collector entries = new LayerFiles.Collector();
    private @Nullable FileEntry open;

    Collector(boolean checksums) {
      this.checksums = checksums;
    }

    @Override
    public @Nullable WritableByteChannel entry(FileEntry entry) {
      endFile();
      if (checksums && entry.type() == FileEntry.Type.FILE) {
        open = entry;
        return hash;
      }
      entries.add(entry, null);
      return null;
    }

    private void endFile() {
      if (open != null) {
        entries.add(open, hash.finish());
        open = null;
      }
    }

    @Override
    public LayerFiles finish(long size) {
      endFile();
      return entries.finish(size);
    }
  }
}
