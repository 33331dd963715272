package dev.strata.cli.look;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.Outcome;
import dev.strata.testing.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares {@code strata diff} with a comparison of trees that bsdtar unpacked. */
final class DiffIT {
  private static final int PAIRS = 200;

  @TempDir private Path temporary;

  @Test
  void findsTheDifferencesOfUnpackedTrees() throws Exception {
    assertAgrees("files");
  }

  /** Store paths that were replaced, added and removed. */
  @Test
  void comparesTheFilesOfReplacedStorePaths() throws Exception {
    assertAgrees("store");
  }

  private void assertAgrees(String kind) throws Exception {
    Tools.require("bsdtar", "python3");
    generate(kind);
    int lines = 0;
    for (int i = 0; i < PAIRS; i++) {
      Path pair = temporary.resolve(Integer.toString(i));
      List<String> expected = Files.readAllLines(pair.resolve("expected"));
      JsonTree output = diff(pair);
      assertEquals(
          String.join("\n", expected), String.join("\n", differences(output)), "pair " + pair);
      assertEquals(
          Files.readAllLines(pair.resolve("expected-paths")),
          storePaths(output.object("storePaths")),
          "pair " + pair);
      lines += expected.size();
    }
    assertTrue(lines > PAIRS, "only " + lines + " differences");
  }

  private void generate(String kind) throws IOException, InterruptedException {
    Path script = temporary.resolve("generate.py");
    try (InputStream in =
        Objects.requireNonNull(DiffIT.class.getResourceAsStream("random-image-pairs.py"))) {
      Files.copy(in, script);
    }
    Process process =
        new ProcessBuilder(
                "python3",
                script.toString(),
                temporary.toString(),
                Integer.toString(PAIRS),
                "20260101",
                kind)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), output);
  }

  private static JsonTree diff(Path pair) {
    Outcome outcome =
        strata(
            "diff",
            "--json",
            "--limit",
            "0",
            "--path",
            "/",
            "oci:" + pair.resolve("a"),
            "oci:" + pair.resolve("b"));
    assertTrue(outcome.exit() < 2, outcome.err());
    return JsonTree.parse("the output", outcome.bytes());
  }

  private static List<String> storePaths(JsonTree paths) {
    List<String> lines = new ArrayList<>();
    for (String kind : List.of("added", "removed", "replaced")) {
      List<JsonTree> listed = paths.objects(kind);
      for (JsonTree path : listed == null ? List.<JsonTree>of() : listed) {
        lines.add(
            kind
                + " "
                + (kind.equals("replaced")
                    ? path.object("before").text("path") + " " + path.object("after").text("path")
                    : path.text("path")));
      }
    }
    Collections.sort(lines);
    return lines;
  }

  private static List<String> differences(JsonTree output) {
    List<String> lines = new ArrayList<>();
    JsonTree files = output.object("files");
    List<JsonTree> changes = files.objects("list");
    for (JsonTree change : changes == null ? List.<JsonTree>of() : changes) {
      String kind = change.text("kind");
      String path = change.object(kind.equals("removed") ? "before" : "after").text("path");
      List<String> properties = Objects.requireNonNull(change.texts("properties"));
      lines.add(kind + " " + path + " " + String.join(",", properties));
    }
    // Python sorts by code points, as these names do as UTF-16.
    Collections.sort(lines);
    return lines;
  }
}
