package dev.strata.layer;

import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.io.InvalidInputException;
import dev.strata.layering.LayerPath;
import dev.strata.oci.History;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A finished layer, as {@code layers.json} and {@code image.json} describe it: its digests and
 * where its bytes come from, not the bytes themselves. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class Layer {
  private final @Nullable Digest digest;
  private final @Nullable Long size;
  private final @Nullable Digest diffId;
  private final List<LayerPath> paths;
  private final @Nullable String mediaType;
  private final Map<String, String> annotations;
  private final @Nullable String file;
  private final @Nullable String witness;
  private final @Nullable LayerSource source;
  private final List<SourceStamp> stamps;
  private final History history;

  private Layer(Builder builder) {
    digest = builder.digest;
    size = builder.size;
    diffId = builder.diffId;
    paths = builder.paths;
    mediaType = builder.mediaType;
    annotations = builder.annotations;
    file = builder.file;
    witness = builder.witness;
    source = builder.source;
    stamps = builder.stamps;
    history = builder.history;
  }

  /**
   * Starts a layer of media type {@link MediaTypes#LAYER} without paths, file and history.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Starts a layer that is like this one.
   *
   * @return a builder
   */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.digest = digest;
    builder.size = size;
    builder.diffId = diffId;
    builder.paths = paths;
    builder.mediaType = mediaType;
    builder.annotations = annotations;
    builder.file = file;
    builder.witness = witness;
    builder.source = source;
    builder.stamps = stamps;
    builder.history = history;
    return builder;
  }

  /**
   * Returns the digest of the layer's blob.
   *
   * @return the digest
   * @throws InvalidInputException if the layer was read from a file that does not state it
   */
  public Digest digest() {
    return stated(digest, "digest");
  }

  /**
   * Returns the size of the layer's blob.
   *
   * @return the size in bytes; empty for a layer of a pulled image, which is described without it
   */
  public OptionalLong size() {
    return size == null ? OptionalLong.empty() : OptionalLong.of(size);
  }

  /**
   * Returns the digest of the layer's uncompressed tar stream.
   *
   * @return the digest
   * @throws InvalidInputException if the layer was read from a file that does not state it
   */
  public Digest diffId() {
    return stated(diffId, "diff id");
  }

  /**
   * Returns the paths the layer consists of.
   *
   * @return the paths; empty for a layer of a pulled image
   */
  public List<LayerPath> paths() {
    return paths;
  }

  /**
   * Returns the media type of the layer's blob.
   *
   * @return the media type
   * @throws InvalidInputException if the layer was read from a file that does not state it
   */
  public String mediaType() {
    return stated(mediaType, "media type");
  }

  /**
   * Returns what a manifest has to say of the layer's blob.
   *
   * @return the annotations of {@link dev.strata.blob.Descriptor#annotations}
   */
  public Map<String, String> annotations() {
    return annotations;
  }

  /**
   * Returns the file that contains the layer's blob.
   *
   * @return the file as recorded, a name for {@link dev.strata.io.FileNames#path(String)}; empty if
   *     the bytes are produced from the paths, or lie in a registry
   */
  public Optional<String> file() {
    return Optional.ofNullable(file);
  }

  /**
   * Returns the file that says what the layer contained when it was built.
   *
   * @return a file for {@link Witness#read}, as recorded, a name for {@link
   *     dev.strata.io.FileNames#path(String)}; empty if the build did not write one
   */
  public Optional<String> witness() {
    return Optional.ofNullable(witness);
  }

  /**
   * Returns where the layer's blob lies if it is not on this machine.
   *
   * @return a repository; empty if the bytes are in a file or produced from the paths
   */
  public Optional<LayerSource> source() {
    return Optional.ofNullable(source);
  }

  /**
   * Returns whether the layer's bytes are on this machine.
   *
   * @return true if there is a file, or paths to produce them from
   */
  public boolean isLocal() {
    return file != null || !paths.isEmpty();
  }

  /**
   * Returns the state that paths were in when the layer was built.
   *
   * @return the state of each path that can change; empty if none was recorded
   */
  public List<SourceStamp> stamps() {
    return stamps;
  }

  /**
   * Returns how the layer was created.
   *
   * @return the history entry
   */
  public History history() {
    return history;
  }

  /**
   * Returns whether {@link #digest} is stated.
   *
   * @return true unless the layer was read from a file without it
   */
  public boolean hasDigest() {
    return digest != null;
  }

  /**
   * Returns whether {@link #diffId} is stated.
   *
   * @return true unless the layer was read from a file without it
   */
  public boolean hasDiffId() {
    return diffId != null;
  }

  /**
   * Returns whether {@link #mediaType} is stated.
   *
   * @return true unless the layer was read from a file without it
   */
  public boolean hasMediaType() {
    return mediaType != null;
  }

  private static <T> T stated(@Nullable T value, String what) {
    if (value == null) {
      throw new InvalidInputException("the description of a layer lacks its " + what);
    }
    return value;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Layer l
        && Objects.equals(digest, l.digest)
        && Objects.equals(size, l.size)
        && Objects.equals(diffId, l.diffId)
        && paths.equals(l.paths)
        && Objects.equals(mediaType, l.mediaType)
        && annotations.equals(l.annotations)
        && Objects.equals(file, l.file)
        && Objects.equals(witness, l.witness)
        && Objects.equals(source, l.source)
        && stamps.equals(l.stamps)
        && history.equals(l.history);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(digest);
  }

  @Override
  public String toString() {
    return "layer "
        + (digest == null ? "without digest" : digest)
        + " of "
        + paths.size()
        + " paths";
  }

  /** Collects the properties of a layer. Not thread-safe. */
  public static final class Builder {
    private @Nullable Digest digest;
    private @Nullable Long size;
    private @Nullable Digest diffId;
    private List<LayerPath> paths = List.of();
    private @Nullable String mediaType = MediaTypes.LAYER;
    private Map<String, String> annotations = Map.of();
    private @Nullable String file;
    private @Nullable String witness;
    private @Nullable LayerSource source;
    private List<SourceStamp> stamps = List.of();
    private History history = History.EMPTY;

    private Builder() {}

    /**
     * Sets the digest of the layer's blob.
     *
     * @param value the digest, or null if it is not stated
     * @return this builder
     */
    public Builder digest(@Nullable Digest value) {
      digest = value;
      return this;
    }

    /**
     * Sets the size of the layer's blob.
     *
     * @param bytes the size in bytes
     * @return this builder
     */
    public Builder size(long bytes) {
      size = bytes;
      return this;
    }

    /**
     * Sets the digest of the layer's uncompressed tar stream.
     *
     * @param value the digest, or null if it is not stated
     * @return this builder
     */
    public Builder diffId(@Nullable Digest value) {
      diffId = value;
      return this;
    }

    /**
     * Sets the paths the layer consists of.
     *
     * @param values the paths, copied
     * @return this builder
     */
    public Builder paths(List<LayerPath> values) {
      paths = List.copyOf(values);
      return this;
    }

    /**
     * Sets the media type of the layer's blob.
     *
     * @param value the media type, or null if it is not stated
     * @return this builder
     */
    public Builder mediaType(@Nullable String value) {
      mediaType = value;
      return this;
    }

    /**
     * Sets what a manifest has to say of the layer's blob.
     *
     * @param values the annotations of its descriptor, copied
     * @return this builder
     */
    public Builder annotations(Map<String, String> values) {
      annotations = Map.copyOf(values);
      return this;
    }

    /**
     * Sets the file that contains the layer's blob.
     *
     * @param name the file as it is recorded, or null if the bytes are produced from the paths
     * @return this builder
     */
    public Builder file(@Nullable String name) {
      file = name;
      return this;
    }

    /**
     * Sets the file that says what the layer contains.
     *
     * @param name the file as it is recorded, or null if there is none
     * @return this builder
     */
    public Builder witness(@Nullable String name) {
      witness = name;
      return this;
    }

    /**
     * Sets where the layer's blob lies if it is not on this machine.
     *
     * @param repository the repository, or null if there are a file or paths
     * @return this builder
     */
    public Builder source(@Nullable LayerSource repository) {
      source = repository;
      return this;
    }

    /**
     * Sets the state that paths were in when the layer was built.
     *
     * @param values the state of each path that can change, copied
     * @return this builder
     */
    public Builder stamps(List<SourceStamp> values) {
      stamps = List.copyOf(values);
      return this;
    }

    /**
     * Sets how the layer was created.
     *
     * @param entry the history entry
     * @return this builder
     */
    public Builder history(History entry) {
      history = entry;
      return this;
    }

    /**
     * Creates the layer.
     *
     * @return the layer
     */
    public Layer build() {
      return new Layer(this);
    }
  }
}
