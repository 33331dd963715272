package dev.strata.transport.daemon;

import dev.strata.blob.Descriptor;
import dev.strata.image.DecompressedLayers;
import dev.strata.image.ImageBlobs;
import dev.strata.io.FileNames;
import dev.strata.io.HostPlatform;
import dev.strata.io.InvalidInputException;
import dev.strata.io.MissingDependencyException;
import dev.strata.io.OutputException;
import dev.strata.io.OutputFile;
import dev.strata.oci.Reference;
import dev.strata.transport.Destination;
import dev.strata.transport.Transfer;
import dev.strata.transport.Workers;
import dev.strata.transport.archive.DockerArchive;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The storage that Podman, Buildah and CRI-O share, as a destination: the {@code
 * containers-storage:} transport. Its format is private to those programs, so one of them pulls the
 * image from a temporary registry, and skips the layers that are there: Podman or Skopeo, whichever
 * is first on the {@code PATH}; Podman if both are in the same folder. On macOS, Podman runs in a
 * virtual machine that cannot reach that registry, and loads an archive. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class ContainersStorage implements Destination {
  private static final Path TEMPORARY_FILES = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));

  private final List<String> stores;
  private final List<Reference> names;
  private final List<String> podmanOptions;

  private ContainersStorage(
      List<String> stores, List<Reference> names, List<String> podmanOptions) {
    this.stores = List.copyOf(stores);
    this.names = List.copyOf(names);
    this.podmanOptions = List.copyOf(podmanOptions);
  }

  /**
   * Creates a destination; runs no program yet.
   *
   * @param specifiers the names of the image, at least one, as {@code name:tag} or {@code
   *     [driver@root+runroot]name:tag}, all in the same storage
   * @return the destination
   * @throws InvalidInputException if a name is not of that form
   */
  public static ContainersStorage at(List<String> specifiers) {
    List<String> stores = new ArrayList<>();
    List<Reference> names = new ArrayList<>();
    List<String> options = List.of();
    for (String specifier : specifiers) {
      StorageName parsed = StorageName.parse(specifier);
      Reference name = Reference.parse(parsed.image());
      if (name.tag() == null) {
        throw new InvalidInputException(
            "cannot name an image in a storage '" + name + "'; specify a tag");
      }
      names.add(name);
      stores.add(parsed.store());
      options = parsed.podmanOptions();
    }
    if (names.isEmpty() || stores.stream().distinct().count() > 1) {
      throw new InvalidInputException(
          "containers-storage: requires at least one name, and all names in one storage");
    }
    return new ContainersStorage(stores, names, options);
  }

  @Override
  public Descriptor write(ImageBlobs image, Transfer transfer) {
    Path program = Program.ofStorage(System.getenv("PATH"));
    if (program == null) {
      throw new MissingDependencyException(
          "containers-storage: requires podman or skopeo, but neither is on the PATH; install one,"
              + " or copy to oci-archive:FILE and run 'podman load -i FILE' where Podman is");
    }
    if (Program.isPodman(program) && HostPlatform.isDarwin()) {
      return load(program, image, transfer);
    }
    DaemonPull.run(
        image,
        transfer,
        served -> {
          if (Program.isPodman(program)) {
            pullByPodman(program, served);
          } else {
            copyBySkopeo(program, served);
          }
          return true;
        });
    return image.manifest().descriptor();
  }

  private Descriptor load(Path podman, ImageBlobs image, Transfer transfer) {
    ImageBlobs plain = DecompressedLayers.required(image);
    // Closing it deletes it.
    try (OutputFile archive = OutputFile.openIn(TEMPORARY_FILES)) {
      Workers.call(
          transfer.listener(),
          () -> {
            writeTo(archive, plain, transfer);
            return Boolean.TRUE;
          });
      run(podman, "load", "--quiet", "--input", archive.temporaryFile().toString());
    }
    return plain.manifest().descriptor();
  }

  private void writeTo(OutputFile archive, ImageBlobs image, Transfer transfer) {
    try {
      DockerArchive.stream(image, names, transfer, TEMPORARY_FILES, archive);
    } catch (IOException e) {
      throw new OutputException(
          "cannot write a temporary archive in "
              + FileNames.quote(TEMPORARY_FILES.toString())
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private void pullByPodman(Path podman, Reference served) {
    run(podman, "pull", "--quiet", "--tls-verify=false", served.toString());
    for (Reference name : names) {
      run(podman, "tag", served.toString(), name.toString());
    }
    run(podman, "untag", served.toString(), served.toString());
  }

  private void run(Path podman, String... arguments) {
    List<String> command = new ArrayList<>(List.of(podman.toString()));
    command.addAll(podmanOptions);
    command.addAll(List.of(arguments));
    Program.run(command);
  }

  private void copyBySkopeo(Path skopeo, Reference served) {
    for (Reference name : names) {
      Program.run(
          List.of(
              skopeo.toString(),
              "--insecure-policy",
              "copy",
              "--quiet",
              "--src-tls-verify=false",
              "docker://" + served,
              "containers-storage:" + stores.getFirst() + name));
    }
  }
}
