package dev.strata.transport.daemon;

import dev.strata.blob.Descriptor;
import dev.strata.image.ImageBlobs;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.MissingDependencyException;
import dev.strata.io.StrataException;
import dev.strata.oci.Reference;
import dev.strata.transport.Destination;
import dev.strata.transport.Transfer;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The storage that Podman, Buildah and CRI-O share, as a destination: the {@code
 * containers-storage:} transport. Its format is private to those programs, so one of them, Podman
 * or else Skopeo, pulls the image from a temporary registry, and skips the layers that are there.
 * Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class ContainersStorage implements Destination {
  /** {@code [driver@root+runroot:options]name}; all but the name is optional. */
  private static final Pattern SPECIFIER =
      Pattern.compile(
          "(?:\\[(?:([^@\\]]*)@)?([^+:\\]]*)(?:\\+([^:\\]]*))?(?::([^\\]]*))?\\])?(.*)");

  private static final int POLL_MILLIS = 20;

  /** How long a cancelled program may take to end before it is killed. */
  private static final int GRACE_MILLIS = 100;

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
    List<String> options = new ArrayList<>();
    for (String specifier : specifiers) {
      Matcher m = SPECIFIER.matcher(specifier);
      if (!m.matches() || m.group(5).isEmpty()) {
        throw new InvalidInputException(
            "invalid image in a storage "
                + FileNames.quote(specifier)
                + "; write containers-storage:name:tag");
      }
      Reference name = Reference.parse(m.group(5));
      if (name.tag() == null) {
        throw new InvalidInputException(
            "cannot name an image in a storage '" + name + "'; specify a tag");
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
      throw new InvalidInputException(
          "containers-storage: requires at least one name, and all names in one storage");
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
      throw new MissingDependencyException(
          "containers-storage: requires podman or skopeo, but neither is on the PATH; install one,"
              + " or copy to oci-archive:FILE and run 'podman load -i FILE' where Podman is");
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
      throw new MissingDependencyException(
          "cannot run " + command.getFirst() + ": " + e.getMessage() + "; check its installation",
          e);
    }
    try {
      String output = outputOf(process);
      int code = process.exitValue();
      if (code != 0) {
        String reason = output.strip().replaceAll("\\R+", "; ");
        throw new StrataException(
            "'"
                + String.join(" ", command)
                + "' failed"
                + (reason.isEmpty() ? " with exit code " + code : ": " + reason));
      }
    } catch (IOException e) {
      end(process);
      throw new StrataException(
          "cannot read the output of " + command.getFirst() + ": " + e.getMessage(), e);
    } catch (InterruptedException _) {
      end(process);
      Thread.currentThread().interrupt();
      throw new CancellationException("the thread was interrupted");
    }
  }

  /** Waits for a process, reading without blocking, since a blocked read cannot be interrupted. */
  private static String outputOf(Process process) throws IOException, InterruptedException {
    try (InputStream in = process.getInputStream()) {
      ByteArrayOutputStream output = new ByteArrayOutputStream();
      boolean ended;
      do {
        ended = process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
        output.writeBytes(in.readNBytes(in.available()));
      } while (!ended);
      return output.toString(StandardCharsets.UTF_8);
    }
  }

  /** Ends a process and its children, by SIGTERM first, so that they can release their locks. */
  private static void end(Process process) {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroy);
    try {
      process.waitFor(GRACE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    all.forEach(ProcessHandle::destroyForcibly);
  }
}
