package dev.strata;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.compress.CompressCache;
import dev.strata.compress.Compression;
import dev.strata.compress.Compressor;
import dev.strata.image.CompressedLayers;
import dev.strata.image.ImageBlobs;
import dev.strata.image.IndexBlobs;
import dev.strata.layer.Layer;
import dev.strata.oci.Reference;
import dev.strata.transport.Destination;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Transfer;
import dev.strata.transport.registry.RegistryDestination;
import dev.strata.transport.registry.RegistryOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How to copy an image, or to access the registry of a base. Immutable and thread-safe: each method
 * returns changed options.
 *
 * @since 0.1.0
 */
public final class CopyOptions {
  /** Null for the usual compression of the place. */
  private @Nullable Compression compression;

  private @Nullable Integer level;
  private CompressCache cache = CompressCache.NONE;
  private RegistryOptions registry = RegistryOptions.of(System.getenv());
  private List<String> additionalTags = List.of();
  private @Nullable String dockerHost = System.getenv("DOCKER_HOST");

  /** Null for the usual number. */
  private @Nullable Integer parallel;

  private CopyOptions() {}

  private CopyOptions(CopyOptions other) {
    compression = other.compression;
    level = other.level;
    cache = other.cache;
    registry = other.registry;
    additionalTags = other.additionalTags;
    dockerHost = other.dockerHost;
    parallel = other.parallel;
  }

  /**
   * Creates the default options: layers compressed with gzip for registries and OCI layouts and
   * uncompressed elsewhere; layers that the registry has compressed by another program used as they
   * are ({@link RegistryOptions#withReuse}); credentials, proxies and certificates from where
   * Docker, Podman and Skopeo keep them.
   *
   * @return the options
   */
  public static CopyOptions defaults() {
    return new CopyOptions();
  }

  /**
   * Leaves layers uncompressed.
   *
   * @return changed options
   */
  public CopyOptions uncompressed() {
    return with(Compression.NONE, null);
  }

  /**
   * Compresses layers with gzip at the default level.
   *
   * @return changed options
   */
  public CopyOptions gzip() {
    return with(Compression.GZIP, null);
  }

  /**
   * Compresses layers with gzip.
   *
   * @param gzipLevel 1 (fast) to 9 (small)
   * @return changed options
   * @throws dev.strata.io.StrataException if there is no such level
   */
  public CopyOptions gzip(int gzipLevel) {
    return with(Compression.GZIP, Compression.GZIP.checkLevel(gzipLevel));
  }

  /**
   * Compresses layers with zstd at the default level. Needs {@code com.github.luben:zstd-jni}.
   *
   * @return changed options
   */
  public CopyOptions zstd() {
    return with(Compression.ZSTD, null);
  }

  /**
   * Compresses layers with zstd. Needs {@code com.github.luben:zstd-jni}.
   *
   * @param zstdLevel 1 (fast) to 19 (small)
   * @return changed options
   * @throws dev.strata.io.StrataException if there is no such level
   */
  public CopyOptions zstd(int zstdLevel) {
    return with(Compression.ZSTD, Compression.ZSTD.checkLevel(zstdLevel));
  }

  /**
   * Compresses layers with zstd in chunks, of which Podman, Buildah and CRI-O can fetch those that
   * they lack: {@link Compression#ZSTD_CHUNKED}, at the default level. Needs {@code
   * com.github.luben:zstd-jni}.
   *
   * @return changed options
   */
  public CopyOptions zstdChunked() {
    return with(Compression.ZSTD_CHUNKED, null);
  }

  /**
   * Compresses layers with zstd in chunks, as {@link #zstdChunked()} does.
   *
   * @param level 1 (fast) to 19 (small)
   * @return changed options
   * @throws dev.strata.io.StrataException if there is no such level
   */
  public CopyOptions zstdChunked(int level) {
    return with(Compression.ZSTD_CHUNKED, Compression.ZSTD_CHUNKED.checkLevel(level));
  }

  private CopyOptions with(Compression kind, @Nullable Integer checkedLevel) {
    CopyOptions next = new CopyOptions(this);
    next.compression = kind;
    next.level = checkedLevel;
    return next;
  }

  /**
   * Remembers the digests of compressed layers, so that a layer that a registry already has is not
   * compressed again to find that out.
   *
   * @param digests the cache
   * @return changed options
   */
  public CopyOptions cache(CompressCache digests) {
    CopyOptions next = new CopyOptions(this);
    next.cache = digests;
    return next;
  }

  /**
   * Sets the credentials for the registry, in place of those in auth files.
   *
   * @param user the user name
   * @param password the password or token
   * @return changed options
   */
  public CopyOptions credentials(String user, String password) {
    return registry(registry.withCredentials(user + ":" + password));
  }

  /**
   * Accepts any certificate, and plain HTTP.
   *
   * @return changed options
   */
  public CopyOptions insecure() {
    return registry(registry.withTlsVerify(false));
  }

  /**
   * Sets how to reach the registry, with all settings.
   *
   * @param options the settings
   * @return changed options
   */
  public CopyOptions registry(RegistryOptions options) {
    CopyOptions next = new CopyOptions(this);
    next.registry = options;
    return next;
  }

  /**
   * Gives the image more tags.
   *
   * @param tags the tags; for archives and daemons names with tags
   * @return changed options
   */
  public CopyOptions additionalTags(String... tags) {
    CopyOptions next = new CopyOptions(this);
    next.additionalTags = List.of(tags);
    return next;
  }

  /**
   * Sets the address of the Docker daemon.
   *
   * @param host {@code unix:///path} or {@code tcp://host:port}; by default {@code DOCKER_HOST}
   * @return changed options
   */
  public CopyOptions dockerHost(String host) {
    CopyOptions next = new CopyOptions(this);
    next.dockerHost = host;
    return next;
  }

  /**
   * Sets how many blobs are moved at once.
   *
   * @param blobs at least 1; by default 6, or one more than the number of threads if layers are
   *     compressed
   * @return changed options
   */
  public CopyOptions parallel(int blobs) {
    if (blobs < 1) {
      throw new IllegalArgumentException("parallel must be at least 1, got " + blobs);
    }
    CopyOptions next = new CopyOptions(this);
    next.parallel = blobs;
    return next;
  }

  /** Returns how to read from a place with the registry settings of these options. */
  SourceSettings access() {
    return new SourceSettings(registry, 1, new Transfer.Listener() {}, dockerHost, null);
  }

  /** Pushes the blobs of layers to a registry; returns the blobs that are there now. */
  List<Blob> push(
      List<Blob> blobs, List<Layer> layers, Reference place, int jobs, Transfer.Listener listener) {
    Compression kind = compression == null ? Compression.GZIP : compression;
    Compressor compressor = compressor(kind, jobs);
    List<Blob> pushed = new ArrayList<>();
    for (int i = 0; i < blobs.size(); i++) {
      Blob blob = blobs.get(i);
      Digest diffId = layers.get(i).diffId();
      boolean plain = kind == Compression.NONE || !blob.descriptor().digest().equals(diffId);
      pushed.add(plain ? blob : compressor.compress(blob, diffId));
    }
    int atOnce = parallel == null ? Transfer.usualParallel(kind, jobs) : parallel;
    RegistryDestination.of(place, registry).writeBlobs(pushed, new Transfer(atOnce, listener));
    return pushed;
  }

  private Compressor compressor(Compression kind, int jobs) {
    return Compressor.of(kind, level == null ? kind.defaultLevel() : level, jobs, cache);
  }

  /** Returns whether the certificate of a registry is verified. */
  boolean verifiesTls() {
    return !Boolean.FALSE.equals(registry.tlsVerify());
  }

  /** Copies an image; returns the descriptor of the manifest as it was written. */
  Descriptor copy(ImageBlobs image, ImageLocation place, int jobs, Transfer.Listener listener) {
    return copy(place, jobs, listener, (to, change, how) -> to.write(change.apply(image), how));
  }

  /** Copies images and their index; returns the descriptor of the index as it was written. */
  Descriptor copy(IndexBlobs index, ImageLocation place, int jobs, Transfer.Listener listener) {
    return copy(
        place, jobs, listener, (to, change, how) -> to.writeIndex(index.withImages(change), how));
  }

  /** Writes one or several images, each changed by compression. */
  private interface Writer {
    Descriptor write(Destination to, UnaryOperator<ImageBlobs> change, Transfer how);
  }

  private Descriptor copy(
      ImageLocation place, int jobs, Transfer.Listener listener, Writer writer) {
    Destination destination =
        Transports.destination(
            place, new DestinationSettings(registry, dockerHost, additionalTags));
    Compression kind = compression == null ? Transports.usualCompression(place) : compression;
    int atOnce = parallel == null ? Transfer.usualParallel(kind, jobs) : parallel;
    Transfer transfer = new Transfer(atOnce, listener);
    if (kind == Compression.NONE) {
      return writer.write(destination, image -> image, transfer);
    }
    Compressor compressor = compressor(kind, jobs);
    Compressor any = compression == null ? compressor.acceptingAny() : compressor;
    return writer.write(destination, image -> CompressedLayers.of(image, any), transfer);
  }
}
