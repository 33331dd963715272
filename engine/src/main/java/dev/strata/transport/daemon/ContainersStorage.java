package dev.strata.transport.daemon;

import dev.strata.blob.Descriptor;
import dev.strata.image.ImageBlobs;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import dev.strata.oci.Reference;
import dev.strata.transport.Destination;
import dev.strata.transport.Transfer;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The storage that Podman, Buildah and CRI-O share, Skopeo's {@code containers-storage:}. Its
 * format belongs to those programs, so one of them, Podman or else Skopeo, pulls from a registry
 * that lives as long as the copy, and leaves out the layers that are there. Immutable and
 * thread-safe.
 */
public final class ContainersStorage implements Destination {
  /** {@code [driver@root+runroot:options]name}, the part in brackets and each in it optional. */
  private static final Pattern SPECIFIER =
      Pattern.compile(
          "(?:\\[(?:([^@\\]]*)@)?([^+:\\]]*)(?:\\+([^:\\]]*))?(?::([^\\]]*))?\\])?(.*)");

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
   * Names images in a storage.
   *
   * @param specifiers at least one of {@code name:tag} or {@code [driver@root+runroot]name:tag},
   *     all in one storage
   * @return the destination
   * @throws StrataException if one is not of that form
   */
  public static ContainersStorage at(List<String> specifiers) {
    List<String> stores = new ArrayList<>();
    List<Reference> names = new ArrayList<>();
    List<String> options = new ArrayList<>();
    for (String specifier : specifiers) {
      Matcher m = SPECIFIER.matcher(specifier);
      if (!m.matches() || m.group(5).isEmpty()) {
        throw new StrataException(
            FileNames.quote(specifier)
                + " names no image in a storage: write containers-storage:name:tag");
      }
      Reference name = Reference.parse(m.group(5));
      if (name.tag() == null) {
        throw new StrataException("an image cannot be named '" + name + "': give a tag");
      }
      names.add(name);
      stores.add(specifier.substring(0, specifier.length() - m.group(5).length()));
      options.clear();
      option(options, "--storage-driver", m.group(1));
      option(options, "--root", m.group(2));
      option(options, "--runroot", m.group(3));
      if (m.group(4) != null) {
        for (String each : m.group(4).split(",", -1)) {
          option(options, "--storage-opt", each);
        }
      }
    }
    if (names.isEmpty() || stores.stream().distinct().count() > 1) {
      throw new StrataException("containers-storage: needs one storage and a name in it");
    }
    return new ContainersStorage(stores, names, options);
  }

  private static void option(List<String> options, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      options.add(name);
      options.add(value);
    }
  }

  @Override
  public Descriptor write(ImageBlobs image, Transfer transfer) {
    boolean podman = isInstalled("podman");
    if (!podman && !isInstalled("skopeo")) {
      throw new StrataException(
          "containers-storage: needs podman or skopeo, and neither is on the PATH: install one, or"
              + " copy to oci-archive:FILE and run 'podman load -i FILE' where Podman is");
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
    run(command);
  }

  private void copyBySkopeo(Reference served) {
    for (Reference name : names) {
      run(
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

  private static boolean isInstalled(String program) {
    String path = System.getenv("PATH");
    for (String folder : (path == null ? "" : path).split(File.pathSeparator, -1)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
  }

  private static void run(List<String> command) {
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      throw new StrataException(
          "cannot run " + command.getFirst() + ": " + e.getMessage() + ": check its installation",
          e);
    }
    try {
      // By another thread, for a wait can be interrupted and a read cannot.
      FutureTask<String> said = new FutureTask<>(() -> readAll(process));
      Thread.ofVirtual().start(said);
      int code = process.waitFor();
      if (code != 0) {
        String reason = said.get().strip().replaceAll("\\R+", "; ");
        throw new StrataException(
            "'"
                + String.join(" ", command)
                + "' failed"
                + (reason.isEmpty() ? " with exit code " + code : ": " + reason));
      }
    } catch (ExecutionException e) {
      throw new StrataException(
          "cannot read what " + command.getFirst() + " says: " + e.getCause() + ": run it again",
          e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    } finally {
      process.destroy();
    }
  }

  private static String readAll(Process process) throws IOException {
    try (InputStream out = process.getInputStream()) {
      return new String(out.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
