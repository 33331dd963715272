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
 * containers-storage:} transport. Its format is private to those programs, so one of them, Podman
 * or else Skopeo, pulls the image from a temporary registry, and skips the layers that are there.
 * On macOS, Podman runs in a virtual machine that cannot reach that registry, and loads an archive.
 * Immutable and thread-safe.
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
    boolean podman = Program.isInstalled("podman");
    if (!podman && !Program.isInstalled("skopeo")) {
      throw new MissingDependencyException(
          "containers-storage: requires podman or skopeo, but neither is on the PATH; install one,"
              + " or copy to oci-archive:FILE and run 'podman load -i FILE' where Podman is");
    }
    if (podman && HostPlatform.isDarwin()) {
      return load(image, transfer);
    }
    DaemonPull.run(
        image,
        transfer,
        served -> {
          if (podman) {
            pullByPodman(served);
          } else {
            copyBySkopeo(served);
          }
          return true;
        });
    return image.manifest().descriptor();
  }

  private Descriptor load(ImageBlobs image, Transfer transfer) {
    ImageBlobs plain = DecompressedLayers.required(image);
    // Closing it deletes it.
    try (OutputFile archive = OutputFile.openIn(TEMPORARY_FILES)) {
      Workers.call(
          transfer.listener(),
          () -> {
            writeTo(archive, plain, transfer);
            return Boolean.TRUE;
          });
      podman("load", "--quiet", "--input", archive.temporaryFile().toString());
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

  private void pullByPodman(Reference served) {
    podman("pull", "--quiet", "--tls-verify=false", served.toString());
    for (Reference name : names) {
      podman("tag", served.toString(), name.toString());
    }
    podman("untag", served.toString(), served.toString());
  }

  private void podman(String... arguments) {
    List<String> command = new ArrayList<>(List.of("podman"));
    command.addAll(podmanOptions);
    command.addAll(List.of(arguments));
    Program.run(command);
  }

  private void copyBySkopeo(Reference served) {
    for (Reference name : names) {
      Program.run(
          List.of(
              "skopeo",
              "--insecure-policy",
              "copy",
              "--quiet",
              "--src-tls-verify=false",
              "docker://" + served,
              "containers-storage:" + stores.getFirst() + name));
    }
  }
}
