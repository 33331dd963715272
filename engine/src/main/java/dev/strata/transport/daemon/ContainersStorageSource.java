package dev.strata.transport.daemon;

import dev.strata.image.CopySource;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.MissingDependencyException;
import dev.strata.io.NotFoundException;
import dev.strata.io.OutputFile;
import dev.strata.io.StrataException;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.Source;
import dev.strata.transport.Transfer;
import dev.strata.transport.archive.DockerArchiveSource;
import dev.strata.transport.archive.OciArchiveSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An image in the storage that Podman, Buildah and CRI-O share, as a source: the {@code
 * containers-storage:} transport. Podman or Skopeo, whichever is first on the {@code PATH}, saves
 * the image into a temporary file that is deleted when the source is closed. Neither needs root for
 * the storage of its own user. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ContainersStorageSource implements Source {
  /** The start of the media types of Docker's manifests. */
  private static final String DOCKER_TYPE = "application/vnd.docker.distribution.manifest.";

  private final StorageName name;
  private final Transfer.Listener listener;
  private final SavedImage saved;

  private ContainersStorageSource(
      StorageName name, Transfer.Listener listener, @Nullable Path folder) {
    this.name = name;
    this.listener = listener;
    this.saved = new SavedImage(listener, folder, this::save);
  }

  /**
   * Creates a source; runs no program yet.
   *
   * @param specifier the image as {@code name:tag}, {@code name@digest} or {@code @id}, with {@code
   *     [driver@root+runroot]} before it for another storage than the usual one
   * @return the source
   * @throws InvalidInputException if the specifier is not of that form
   */
  public static ContainersStorageSource at(String specifier) {
    StorageName name = StorageName.parse(specifier);
    return new ContainersStorageSource(
        name.withImage(image(name.image())), new Transfer.Listener() {}, null);
  }

  /** Returns the image as Podman takes it: without the name before an id. */
  private static String image(String given) {
    int at = given.lastIndexOf('@');
    String id = given.substring(at + 1);
    return at >= 0 && id.matches("[0-9a-f]{6,64}") ? id : given;
  }

  /**
   * Sets the listener.
   *
   * @param other may cancel the export
   * @return a changed source, which has exported nothing yet
   */
  public ContainersStorageSource withListener(Transfer.Listener other) {
    return new ContainersStorageSource(name, other, saved.folder());
  }

  /**
   * Sets where the exported image is stored.
   *
   * @param folder an existing folder; null for the JVM's folder for temporary files
   * @return a changed source, which has exported nothing yet
   */
  public ContainersStorageSource withTemporaryFolder(@Nullable Path folder) {
    return new ContainersStorageSource(name, listener, folder);
  }

  /**
   * {@inheritDoc}
   *
   * @throws MissingDependencyException if neither Podman nor Skopeo is installed
   * @throws NotFoundException if the storage does not have the image
   * @throws dev.strata.io.OutputException if the temporary file cannot be written
   */
  @Override
  public CopySource open(PlatformChoice choice) {
    return saved.open(choice);
  }

  private Source save(OutputFile file) {
    Path program = Program.ofStorage(System.getenv("PATH"));
    if (program == null) {
      throw new MissingDependencyException(
          "cannot read the image "
              + FileNames.quote(name.image())
              + " from containers-storage: this requires podman or skopeo, but neither is on the"
              + " PATH; install one, or run 'podman save -o FILE' where Podman is and read"
              + " docker-archive:FILE");
    }
    Path archive = file.temporaryFile();
    String target = FileNames.decode(FileNames.bytes(archive));
    // Each format keeps the configuration byte for byte only in the archive of its own kind.
    boolean docker =
        Program.isPodman(program) ? saveByPodman(program, target) : saveBySkopeo(program, target);
    return docker ? DockerArchiveSource.at(archive) : OciArchiveSource.at(archive);
  }

  private boolean saveByPodman(Path podman, String target) {
    boolean docker =
        run(podman, "image", "inspect", "--format", "{{.ManifestType}}", name.image())
            .contains(DOCKER_TYPE);
    if (docker) {
      run(
          podman,
          "save",
          "--quiet",
          "--format",
          "docker-archive",
          "--output",
          target,
          name.image());
    } else {
      run(
          podman,
          "save",
          "--quiet",
          "--format",
          "oci-archive",
          "--uncompressed",
          "--output",
          target,
          name.image());
    }
    return docker;
  }

  private String run(Path podman, String... arguments) {
    List<String> command = new ArrayList<>(List.of(podman.toString()));
    command.addAll(name.podmanOptions());
    command.addAll(List.of(arguments));
    return run(command);
  }

  private boolean saveBySkopeo(Path skopeo, String target) {
    String source = "containers-storage:" + name.store() + name.image();
    boolean docker =
        run(List.of(skopeo.toString(), "--insecure-policy", "inspect", "--raw", source))
            .contains(DOCKER_TYPE);
    run(
        List.of(
            skopeo.toString(),
            "--insecure-policy",
            "copy",
            "--quiet",
            "--dest-oci-accept-uncompressed-layers",
            source,
            (docker ? "docker-archive:" : "oci-archive:") + target));
    return docker;
  }

  private String run(List<String> command) {
    try {
      return Program.run(command);
    } catch (MissingDependencyException e) {
      throw e;
    } catch (StrataException e) {
      String reason = String.valueOf(e.getMessage());
      boolean missing =
          reason.contains("no such image")
              || reason.contains("image not known")
              || reason.contains("does not resolve to an image ID");
      if (missing) {
        throw new NotFoundException(
            "cannot read the image "
                + FileNames.quote(name.image())
                + " from containers-storage: there is no such image; see 'podman images'",
            e);
      }
      throw e;
    }
  }

  /** Deletes the exported image. */
  @Override
  public void close() {
    saved.close();
  }
}
