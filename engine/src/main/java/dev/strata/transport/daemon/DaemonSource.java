package dev.strata.transport.daemon;

import dev.strata.blob.Digest;
import dev.strata.image.CopySource;
import dev.strata.io.InvalidInputException;
import dev.strata.io.OutputFile;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Reference;
import dev.strata.transport.Source;
import dev.strata.transport.Transfer;
import dev.strata.transport.archive.DockerArchiveSource;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An image of a Docker daemon as a source: the {@code docker-daemon:} transport. The daemon exports
 * the image as {@code docker save} does, into a temporary file that is deleted when the source is
 * closed. Thread-safe.
 *
 * @since 0.1.0
 */
public final class DaemonSource implements Source {
  private final DaemonApi api;
  private final String name;
  private final Transfer.Listener listener;
  private final SavedImage saved;

  private DaemonSource(
      DaemonApi api, String name, Transfer.Listener listener, @Nullable Path folder) {
    this.api = api;
    this.name = name;
    this.listener = listener;
    this.saved = new SavedImage(listener, folder, this::save);
  }

  /**
   * Creates a source; connects to nothing yet.
   *
   * @param host the address of the daemon, {@code unix:///path} or {@code tcp://host:port}, in the
   *     form of {@code DOCKER_HOST}; null for Docker's default socket
   * @param name the name of the image, or its id as {@code sha256:…}
   * @return the source
   * @throws InvalidInputException if the address or the name is not of that form
   */
  public static DaemonSource at(@Nullable String host, String name) {
    return new DaemonSource(DaemonApi.at(host), checked(name), new Transfer.Listener() {}, null);
  }

  private static String checked(String name) {
    return name.startsWith("sha256:") || name.startsWith("sha512:")
        ? Digest.parse(name).value()
        : Reference.parse(name).toString();
  }

  /**
   * Sets the listener.
   *
   * @param other may cancel the export
   * @return a changed source, which has exported nothing yet
   */
  public DaemonSource withListener(Transfer.Listener other) {
    return new DaemonSource(api, name, other, saved.folder());
  }

  /**
   * Sets where the exported image is stored.
   *
   * @param folder an existing folder; null for the JVM's folder for temporary files
   * @return a changed source, which has exported nothing yet
   */
  public DaemonSource withTemporaryFolder(@Nullable Path folder) {
    return new DaemonSource(api, name, listener, folder);
  }

  /**
   * {@inheritDoc}
   *
   * @param choice ignored: the daemon exports an image for one platform
   * @throws dev.strata.io.NotFoundException if the daemon does not have the image
   * @throws dev.strata.io.UnreachableException if the daemon cannot be reached
   * @throws dev.strata.io.OutputException if the temporary file cannot be written
   */
  @Override
  public CopySource open(PlatformChoice choice) {
    return saved.open(choice);
  }

  private Source save(OutputFile file) {
    api.save(name, file);
    return DockerArchiveSource.at(file.temporaryFile());
  }

  /** Deletes the exported image. */
  @Override
  public void close() {
    saved.close();
  }
}
