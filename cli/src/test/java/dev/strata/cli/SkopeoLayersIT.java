package dev.strata.cli;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.testing.Tools;
import dev.strata.transport.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code strata skopeo layers} leaves behind what {@code skopeo layers} does. */
final class SkopeoLayersIT {
  private static final String DEPRECATED =
      "DEPRECATED: skopeo layers is deprecated in favor of skopeo copy\n";
  private static final Pattern LAYER = Pattern.compile("\"layers\":\\[\\{[^}]*\"(sha256:\\w+)\"");

  @TempDir private Path temporary;
  private String image = "";
  private String layout = "";
  private String layer = "";

  @BeforeEach
  void makeImage() throws IOException {
    SampleFolders samples = new SampleFolders(temporary);
    samples.file("site/index.html", "<p>hello");
    image = samples.path("image.json");
    strata("build", "--copy-to-root", samples.path("site"), "-o", image).succeeds();
    layout = "oci:" + samples.path("layout") + ":1";
    strata("copy", "-q", "--dest-compress-format", "none", "nix:" + image, layout).succeeds();
    Matcher first = LAYER.matcher(strata("manifest", image).succeeds().out());
    assertTrue(first.find());
    layer = first.group(1);
  }

  private Path folder(String name) throws IOException {
    return Files.createDirectory(temporary.resolve(name));
  }

  private Outcome own(Path folder, String... arguments) throws IOException, InterruptedException {
    return new PackedProgram()
        .with("PATH", "/usr/bin:/bin")
        .in(folder)
        .run(Stream.concat(Stream.of("skopeo", "layers"), Stream.of(arguments)).toList());
  }

  private static void skopeo(Path folder, String... arguments) {
    Tools.require("skopeo");
    String[] command =
        Stream.concat(Stream.of("skopeo", "layers"), Stream.of(arguments)).toArray(String[]::new);
    Programs.run(folder, Map.of(), command).ok();
  }

  /** The one folder in a folder, which has a random number. */
  private static Path result(Path folder) throws IOException {
    try (Stream<Path> found = Files.list(folder)) {
      List<Path> all = found.toList();
      assertEquals(1, all.size(), all::toString);
      assertTrue(all.getFirst().getFileName().toString().matches("layers-\\d+"), all::toString);
      return all.getFirst();
    }
  }

  /** The permissions of the files in a folder, and of the folder. */
  private static Map<String, String> modes(Path folder) throws IOException {
    Map<String, String> modes = new TreeMap<>();
    modes.put(".", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        modes.put(
            file.getFileName().toString(),
            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      }
    }
    return modes;
  }

  private static void assertSame(Path expected, Path actual) throws IOException {
    assertEquals(modes(expected), modes(actual));
    for (String file : modes(expected).keySet()) {
      if (!file.equals(".")) {
        assertArrayEquals(
            Files.readAllBytes(expected.resolve(file)),
            Files.readAllBytes(actual.resolve(file)),
            file);
      }
    }
  }

  @Test
  void writesAllBlobsAsSkopeoDoes() throws IOException, InterruptedException {
    Path own = folder("own");
    Outcome outcome = own(own, "nix:" + image).succeeds();
    assertEquals("", outcome.out());
    assertEquals(DEPRECATED, outcome.err());

    Path peer = folder("peer");
    skopeo(peer, layout);
    assertSame(result(peer), result(own));
  }

  @Test
  void writesTheGivenBlobsAsSkopeoDoes() throws IOException, InterruptedException {
    Path peer = folder("peer");
    skopeo(peer, layout, layer);
    String hex = layer.substring("sha256:".length());
    for (List<String> given : List.of(List.of(layer), List.of(hex), List.of(hex, layer))) {
      Path own = folder("own-" + given.size() + given.getFirst().length());
      own(own, Stream.concat(Stream.of("nix:" + image), given.stream()).toArray(String[]::new))
          .succeeds();
      assertSame(result(peer), result(own));
    }
  }

  @Test
  void leavesNoFolderBehindAfterAFailure() throws IOException, InterruptedException {
    Path own = folder("own");
    String unknown = "sha256:" + "a".repeat(64);
    assertFails(own(own, "nix:" + image, unknown), "has no layer " + unknown);
    assertFails(own(own, "nix:" + image, "abc"), "abc");
    // The layer has changed since its digest was computed.
    Files.writeString(temporary.resolve("site/index.html"), "<p>other");
    assertFails(own(own, "nix:" + image), "source changed since the build");
    try (Stream<Path> left = Files.list(own)) {
      assertEquals(List.of(), left.toList());
    }
  }

  private static void assertFails(Outcome outcome, String reason) {
    assertEquals(1, outcome.exit(), outcome.err());
    assertTrue(outcome.err().startsWith(DEPRECATED + "strata: "), outcome.err());
    assertTrue(outcome.err().contains(reason), outcome.err());
  }

  @Test
  void explainsItself() throws IOException, InterruptedException {
    String help = own(temporary, "nix:" + image, "--help").succeeds().out();
    assertTrue(help.startsWith("Usage: strata skopeo layers [OPTIONS] IMAGE"), help);
    own(temporary, "nix:" + image, "--nope").isBadUsage(1, "unknown option '--nope'");
  }
}
