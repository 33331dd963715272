package dev.strata;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.image.ConfigJson;
import dev.strata.image.Image;
import dev.strata.image.ImageBlobs;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.OutputFile;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBlobs;
import dev.strata.oci.Timestamp;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Source;
import dev.strata.transport.Transfer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An image whose digests are known and whose layers are streamed when they are needed. Thread-safe;
 * can be copied any number of times until it is closed.
 *
 * @since 0.1.0
 */
public final class BuiltImage implements AutoCloseable {
  /** How to do the work: the number of threads, the listener, and what cancels it. */
  record Work(int jobs, ProgressListener listener, BooleanSupplier cancelled) {}

  private final @Nullable Source base;
  private final List<Layer> layers;
  private final ConfigJson config;
  private final ImageBlobs blobs;
  private final Timestamp created;
  private final Work work;

  BuiltImage(
      @Nullable Source base,
      List<Blob> baseLayers,
      List<Layer> layers,
      ConfigJson config,
      Timestamp created,
      Work work) {
    this.base = base;
    this.layers = layers;
    this.config = config;
    this.created = created;
    this.work = work;
    List<Blob> all = new ArrayList<>(baseLayers);
    layers.forEach(layer -> all.add(LayerBlobs.of(layer, work.jobs())));
    this.blobs = ImageBlobs.of(all, new BytesBlob(MediaTypes.CONFIG, config.bytes()));
  }

  /**
   * Returns the digest of the configuration, which container tools call the image id.
   *
   * @return the digest
   */
  public Digest id() {
    return blobs.config().descriptor().digest();
  }

  /**
   * Returns the layers that were built on top of the base.
   *
   * @return the layers, the lowest first
   */
  public List<Layer> layers() {
    return layers;
  }

  /**
   * Returns the image as blobs, for transports that are used directly.
   *
   * @return the layers of the base and of this build, with the configuration
   */
  public ImageBlobs blobs() {
    return blobs;
  }

  /**
   * Copies the image with default options: compressed with gzip for registries and OCI layouts,
   * uncompressed for daemons and {@code docker-archive:}.
   *
   * @param place where to, by Skopeo's transport names, such as {@code docker://host/name:tag},
   *     {@code docker-daemon:name:tag} or {@code oci:folder:tag}
   * @return the descriptor of the manifest as it was written
   * @throws dev.strata.io.StrataException if a layer cannot be read or the place cannot be written
   * @throws java.util.concurrent.CancellationException if the copy is cancelled or the calling
   *     thread is interrupted
   */
  public Descriptor copyTo(String place) {
    return copyTo(place, CopyOptions.defaults());
  }

  /**
   * Copies the image.
   *
   * @param place where to, by Skopeo's transport names
   * @param options compression, credentials and more
   * @return the descriptor of the manifest as it was written
   * @throws dev.strata.io.StrataException if a layer cannot be read or the place cannot be written
   * @throws java.util.concurrent.CancellationException if the copy is cancelled or the calling
   *     thread is interrupted
   */
  public Descriptor copyTo(String place, CopyOptions options) {
    Transfer.Listener progress = new CopyProgress(work.listener(), work.cancelled());
    return options.copy(blobs, ImageLocation.parse(place), work.jobs(), progress);
  }

  /**
   * Writes the description of the image that the {@code strata} command and the Nix functions use.
   * It contains no layer, only how to make each again.
   *
   * @param file the image.json file
   * @throws InvalidInputException if the image has a base: image.json names layers by local files
   * @throws dev.strata.io.OutputException if the file cannot be written
   */
  public void writeJson(Path file) {
    if (base != null) {
      throw new InvalidInputException(
          "cannot describe an image with a base in "
              + FileNames.quote(FileNames.decode(FileNames.bytes(file)))
              + ": copy it to a registry or a layout instead");
    }
    Image image = Image.assemble(config.settings(), null, layers, config.architecture(), created);
    OutputFile.write(file, FileNames.encode(image.toJson()));
  }

  /** Closes connections to the registry of the base. */
  @Override
  public void close() {
    if (base != null) {
      base.close();
    }
  }
}
