package dev.strata.cli.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.CommandLineRun;
import dev.strata.cli.Outcome;
import dev.strata.testing.Tools;
import dev.strata.transport.BusyBoxImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Copies images that Docker, BuildKit, Buildah, Podman, umoci, Skopeo, and containerd made, in each
 * of their formats, to every destination. Skopeo and umoci check that the result has the same
 * configuration and files, and the programs that know the destination read or run it. The file
 * {@code target/matrix.md} lists which program read what.
 */
final class MatrixIT {
  private static final List<String> DESTINATIONS =
      List.of(
          "docker://",
          "docker-daemon:",
          "containers-storage:",
          "oci:",
          "oci-archive:",
          "dir:",
          "docker-archive:");

  @TempDir private static Path folder = Path.of("");

  private static @Nullable Peers started;
  private static List<MadeImage> images = List.of();
  private static final Map<MadeImage, ReadImage> EXPECTED = new ConcurrentHashMap<>();
  private static final Map<MadeImage, Map<String, String>> TABLE = new ConcurrentHashMap<>();

  /** Tests wait for the programs that they start, so that one thread leaves a core without work. */
  private static final ExecutorService THREADS = Executors.newFixedThreadPool(3);

  @BeforeAll
  static void makeImages() throws IOException, InterruptedException {
    BusyBoxImage.require();
    Tools.require("skopeo", "umoci", "buildah", "ctr", "docker-registry");
    Tools.require("bsdtar", "python3", "gzip");
    started = new Peers(folder);
    images = new ImageMakers(started, Files.createDirectory(folder.resolve("made"))).makeAll();
  }

  @AfterAll
  static void stop() throws IOException {
    THREADS.shutdownNow();
    THREADS.close();
    if (started != null) {
      started.close();
    }
    writeTable();
  }

  private static Peers peers() {
    return Objects.requireNonNull(started);
  }

  @TestFactory
  Stream<DynamicNode> imageArrivesAsItWasAndIsRead() {
    return tests(images.stream(), DESTINATIONS, MatrixIT::check);
  }

  @TestFactory
  Stream<DynamicNode> wholeIndexArrivesAsItWas() {
    List<String> destinations = List.of("docker://", "oci:", "oci-archive:", "dir:");
    return tests(images.stream().filter(MadeImage::index), destinations, MatrixIT::checkIndex);
  }

  private interface Check {
    void run(MadeImage image, String destination) throws IOException;
  }

  /** Starts all checks, several at once, and returns a test for each that waits for its result. */
  private static Stream<DynamicNode> tests(
      Stream<MadeImage> images, List<String> destinations, Check check) {
    List<DynamicNode> containers = new ArrayList<>();
    for (MadeImage image : images.toList()) {
      List<DynamicNode> tests = new ArrayList<>();
      for (String destination : destinations) {
        Future<?> result = THREADS.submit(() -> run(check, image, destination));
        tests.add(DynamicTest.dynamicTest(image + " to " + destination, () -> waitFor(result)));
      }
      containers.add(DynamicContainer.dynamicContainer(image.toString(), tests));
    }
    return containers.stream();
  }

  private static @Nullable Void run(Check check, MadeImage image, String destination)
      throws IOException {
    synchronized (peers().lockOf(destination)) {
      check.run(image, destination);
    }
    return null;
  }

  private static void waitFor(Future<?> result) throws Throwable {
    try {
      result.get();
    } catch (ExecutionException e) {
      throw e.getCause();
    }
  }

  private static ReadImage expected(MadeImage image) throws IOException {
    ReadImage known = EXPECTED.get(image);
    if (known == null) {
      known = ReadImage.of(peers(), image.same(), image.zstd());
      EXPECTED.put(image, known);
    }
    return known;
  }

  private static void check(MadeImage image, String destination) throws IOException {
    note(image, destination, "not read");
    String written = copy(image, destination, "one");
    boolean zstd = image.zstd() && !destination.matches("docker-(daemon|archive):");
    ReadImage expected = expected(image);
    ReadImage read = ReadImage.of(peers(), written, zstd);
    assertEquals(expected.config(), read.config());
    assertEquals(String.join("\n", expected.files()), String.join("\n", read.files()));
    List<String> readers = new ArrayList<>(List.of("Skopeo", "umoci"));
    Map<String, Runnable> others = new Readers(peers(), written, zstd).of(destination);
    for (Map.Entry<String, Runnable> reader : others.entrySet()) {
      try {
        synchronized (peers().lockOf(reader.getKey())) {
          reader.getValue().run();
        }
      } catch (AssertionError e) {
        throw new AssertionError(reader.getKey() + " cannot read " + written, e);
      }
      readers.add(reader.getKey());
    }
    note(image, destination, String.join(", ", readers));
  }

  private static void checkIndex(MadeImage image, String destination) throws IOException {
    String written = copy(image, destination, "all", "--all");
    if (!image.format().contains("schema 2") || !destination.startsWith("oci")) {
      // An OCI layout has no media types of Docker, so there they change.
      assertEquals(raw(image.reference()), raw(written));
    }
    if (!image.format().contains("nested")) {
      for (String architecture : List.of("amd64", "arm64")) {
        List<String> platform = List.of("--override-arch", architecture, "--override-os", "linux");
        ReadImage expected = ReadImage.of(peers(), image.reference(), false, platform);
        ReadImage read = ReadImage.of(peers(), written, false, platform);
        assertTrue(expected.config().contains(architecture), expected.config());
        assertEquals(expected, read);
      }
    }
  }

  private static String raw(String reference) {
    return peers().skopeo("inspect", "--raw", "--tls-verify=false", reference);
  }

  /** Copies an image with Strata and returns the reference of the result for Skopeo. */
  private static String copy(MadeImage image, String destination, String kind, String... options) {
    String name = kind + images.indexOf(image);
    String target =
        switch (destination) {
          case "docker://" -> "docker://" + peers().registry() + "/" + name + ":1";
          case "docker-daemon:" -> "docker-daemon:" + name + ":1";
          case "containers-storage:" ->
              "containers-storage:" + peers().readers().specifier("localhost/" + name + ":1");
          default -> destination + folder.resolve(name + "." + destination.replace(":", ""));
        };
    if (destination.startsWith("oci")) {
      target += ":1";
    } else if (destination.equals("docker-archive:")) {
      target += ":" + name + ":1";
    }
    List<String> command = new ArrayList<>(List.of("copy", "--quiet"));
    command.addAll(List.of(options));
    command.addAll(List.of(image.reference(), target));
    Outcome outcome =
        new CommandLineRun()
            .with("DOCKER_HOST", peers().docker().host())
            .with("XDG_CACHE_HOME", folder.resolve("cache").toString())
            .run(command);
    assertEquals(0, outcome.exit(), () -> String.join(" ", command) + ": " + outcome.err());
    return target;
  }

  private static void note(MadeImage image, String destination, String what) {
    TABLE.computeIfAbsent(image, _ -> new ConcurrentHashMap<>()).put(destination, what);
  }

  private static void writeTable() throws IOException {
    StringBuilder text = new StringBuilder("| image | ");
    text.append(String.join(" | ", DESTINATIONS)).append(" |\n");
    text.append("| --- ".repeat(DESTINATIONS.size() + 1)).append("|\n");
    for (MadeImage image : images) {
      Map<String, String> cells = TABLE.getOrDefault(image, Map.of());
      text.append("| ").append(image).append(" |");
      for (String destination : DESTINATIONS) {
        text.append(' ').append(cells.getOrDefault(destination, "")).append(" |");
      }
      text.append('\n');
    }
    Path target = Files.createDirectories(Path.of("target"));
    Files.writeString(target.resolve("matrix.md"), text);
  }
}
