package dev.strata;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.FileBlob;
import dev.strata.compress.Compression;
import dev.strata.image.Image;
import dev.strata.image.ImageBlobs;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.io.StrataException;
import dev.strata.layer.Layer;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Source;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
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
  private final Image image;
  private final int baseLayers;
  private final Supplier<List<Blob>> baseBlobs;
  private final Map<Integer, Blob> own;
  private final Work work;
  private @Nullable ImageBlobs blobs;

  /**
   * Puts an image together.
   *
   * @param own the blobs of layers by their position, without those that are read from the base
   */
  BuiltImage(
      @Nullable Source base,
      Image image,
      int baseLayers,
      Supplier<List<Blob>> baseBlobs,
      Map<Integer, Blob> own,
      Work work) {
    this.base = base;
    this.image = image;
    this.baseLayers = baseLayers;
    this.baseBlobs = baseBlobs;
    this.own = own;
    this.work = work;
  }

  /**
   * Returns the digest of the configuration, which container tools call the image id.
   *
   * @return the digest
   */
  public Digest id() {
    return image.configBlob().descriptor().digest();
  }

  /**
   * Returns the layers that were built on top of the base.
   *
   * @return the layers, the lowest first
   */
  public List<Layer> layers() {
    return image.layers().subList(baseLayers, image.layers().size());
  }

  /**
   * Returns the number of layers of the base image.
   *
   * @return the number of layers; 0 without a base
   */
  public int baseLayerCount() {
    return baseLayers;
  }

  /**
   * Returns the image as blobs, for transports that are used directly.
   *
   * @return the layers of the base and of this build, with the configuration
   * @throws dev.strata.io.NotFoundException if a file of the base does not exist
   */
  public synchronized ImageBlobs blobs() {
    if (blobs == null) {
      List<Blob> all = new ArrayList<>();
      List<Blob> ofBase = baseLayers == 0 ? List.of() : baseBlobs.get();
      for (int i = 0; i < image.layers().size(); i++) {
        Blob blob = own.get(i);
        all.add(blob == null ? ofBase.get(i) : blob);
      }
      blobs = ImageBlobs.of(image, all);
    }
    return blobs;
  }

  /**
   * Returns the description of the image. Layers of a base that are neither in a file nor in a
   * registry are described without where they are; {@link #describe} stores those.
   *
   * @return the image
   */
  public Image image() {
    return image;
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
    return options.copy(blobs(), ImageLocation.parse(place), work.jobs(), progress);
  }

  /**
   * Writes the description of the image that the {@code strata} command and the Nix functions use.
   * It contains no layer, only how to make each again, or where it is. Layers for which there is
   * neither, such as those of a base in an archive, are stored in the folder of the file.
   *
   * @param file the image.json file
   * @throws dev.strata.io.OutputException if a file cannot be written
   * @throws dev.strata.io.StrataException if a layer of the base cannot be read
   */
  public void writeJson(Path file) {
    Path folder = Objects.requireNonNull(file.toAbsolutePath().normalize().getParent());
    String name = FileNames.decode(FileNames.bytes(folder));
    OutputFile.write(file, FileNames.encode(describe(name).toJson()));
  }

  /**
   * Returns the description of the image, and stores the layers that no description can replace.
   *
   * @param folder the folder for such layers as it is recorded in the description, a name for
   *     {@link FileNames#path(String)}
   * @return the image
   * @throws dev.strata.io.OutputException if a layer cannot be written
   * @throws dev.strata.io.StrataException if a layer of the base cannot be read
   */
  public Image describe(String folder) {
    List<Layer> described = new ArrayList<>();
    for (int i = 0; i < image.layers().size(); i++) {
      Layer layer = image.layers().get(i);
      described.add(
          layer.isLocal() || layer.source().isPresent()
              ? layer
              : stored(layer, blobs().layers().get(i), folder));
    }
    return image.withLayers(described);
  }

  private static Layer stored(Layer layer, Blob blob, String folder) {
    String name = folder + "/" + layer.digest().hex() + suffix(layer.mediaType());
    FileBlob there = new FileBlob(FileNames.path(name), blob.descriptor());
    if (!there.isIntact()) {
      try (OutputFile out = OutputFile.open(FileNames.path(name))) {
        blob.writeTo(out);
        out.commit();
      } catch (IOException e) {
        throw new StrataException(
            "cannot store the layer " + layer.digest() + ": " + e.getMessage(), e);
      }
    }
    return layer.toBuilder().file(name).build();
  }

  private static String suffix(String mediaType) {
    for (Compression compression : Compression.values()) {
      if (compression.mediaType().equals(mediaType)) {
        return compression.suffix();
      }
    }
    return "";
  }

  Work work() {
    return work;
  }

  /** Closes connections to the registry of the base. */
  @Override
  public void close() {
    if (base != null) {
      base.close();
    }
  }
}
