package dev.strata.explain.sbom;

import dev.strata.blob.Digest;
import dev.strata.closure.ClosureGraph;
import dev.strata.oci.Reference;
import dev.strata.oci.Timestamp;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known about an image beyond its blobs. Immutable and thread-safe.
 *
 * @param name the name of the image; null if unknown
 * @param digest the digest of the manifest that the bill of materials is for; null for that of the
 *     image itself, which differs if the layers are compressed on their way to a registry
 * @param graph the references between the store paths and the hashes of their archives; null if
 *     unknown
 * @param storePaths store paths that are known to be in the image, perhaps under another name, in
 *     addition to those that are found in its layers
 * @param timestamp when the bill of materials was made; null for none, so that it is always the
 *     same for the same image
 * @param temporaryFolder the folder for temporary files, such as Java archives
 * @since 0.1.0
 */
public record SbomOptions(
    @Nullable Reference name,
    @Nullable Digest digest,
    @Nullable ClosureGraph graph,
    List<String> storePaths,
    @Nullable Timestamp timestamp,
    Path temporaryFolder) {
  /** Copies the store paths. */
  public SbomOptions {
    storePaths = List.copyOf(storePaths);
  }

  /**
   * Returns options with nothing known.
   *
   * @return the options; temporary files are created in {@code java.io.tmpdir}
   */
  public static SbomOptions defaults() {
    Path folder = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    return new SbomOptions(null, null, null, List.of(), null, folder);
  }

  /**
   * Sets the name of the image.
   *
   * @param image the name; null if unknown
   * @return a changed copy
   */
  public SbomOptions withName(@Nullable Reference image) {
    return new SbomOptions(image, digest, graph, storePaths, timestamp, temporaryFolder);
  }

  /**
   * Sets the digest of the manifest, such as that of an image which was pushed.
   *
   * @param manifest the digest; null for that of the image itself
   * @return a changed copy
   */
  public SbomOptions withDigest(@Nullable Digest manifest) {
    return new SbomOptions(name, manifest, graph, storePaths, timestamp, temporaryFolder);
  }

  /**
   * Sets the references between store paths.
   *
   * @param closure the closure graph; null if unknown
   * @return a changed copy
   */
  public SbomOptions withGraph(@Nullable ClosureGraph closure) {
    return new SbomOptions(name, digest, closure, storePaths, timestamp, temporaryFolder);
  }

  /**
   * Sets the store paths that are known to be in the image.
   *
   * @param paths the store paths
   * @return a changed copy
   */
  public SbomOptions withStorePaths(Collection<String> paths) {
    return new SbomOptions(name, digest, graph, List.copyOf(paths), timestamp, temporaryFolder);
  }

  /**
   * Sets when the bill of materials was made.
   *
   * @param made the time; null for none
   * @return a changed copy
   */
  public SbomOptions withTimestamp(@Nullable Timestamp made) {
    return new SbomOptions(name, digest, graph, storePaths, made, temporaryFolder);
  }

  /**
   * Sets the folder for temporary files.
   *
   * @param folder the folder
   * @return a changed copy
   */
  public SbomOptions withTemporaryFolder(Path folder) {
    return new SbomOptions(name, digest, graph, storePaths, timestamp, folder);
  }
}
