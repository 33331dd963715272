package dev.strata.cli.look;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.CommandLineRun;
import dev.strata.cli.Outcome;
import dev.strata.cli.SampleFolders;
import dev.strata.io.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WhyCommandTest {
  private static final String APP = "0c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x-app-1.0";
  private static final String PYTHON = "1c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x-python-3.12";
  private static final String LIBC = "2c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x-glibc-2.40";
  private static final String SITE = "3c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x-site";

  @TempDir private Path temporary;
  private SampleFolders samples;
  private String image = "";
  private String graph = "";

  @BeforeEach
  void makeImage() throws IOException {
    samples = new SampleFolders(temporary);
    samples.file(APP + "/app", "a".repeat(1_000));
    samples.file(PYTHON + "/bin/python", "p".repeat(20_000));
    samples.file(LIBC + "/lib/libc.so", "l".repeat(300_000));
    samples.file(SITE + "/index.html", "<html>");
    samples.file(
        "closure.json",
        "["
            + path(APP, PYTHON, LIBC)
            + ","
            + path(PYTHON, LIBC, PYTHON)
            + ","
            + path(LIBC)
            + ","
            + path(SITE)
            + "]");
    samples.file(
        "config.json", "{\"Env\":[\"PATH=" + samples.path(PYTHON) + "/bin\"],\"Cmd\":[\"app\"]}");
    graph = samples.path("closure.json");
    image = samples.path("image.json");
    strata(
            "build",
            "--closure-graph",
            graph,
            "--copy-to-root",
            samples.path(SITE),
            "--config",
            samples.path("config.json"),
            "-o",
            image)
        .succeeds();
  }

  private String path(String name, String... references) {
    List<String> quoted =
        Arrays.stream(references).map(r -> "\"" + samples.path(r) + "\"").toList();
    return "{\"path\":\"" + samples.path(name) + "\",\"references\":" + quoted + "}";
  }

  private Outcome why(String... more) {
    List<String> arguments = new ArrayList<>(List.of("why", "--closure-graph", graph));
    arguments.addAll(List.of(more));
    return new CommandLineRun().run(arguments);
  }

  @Test
  void showsEachChainAndWhatTheImageWouldLose() {
    assertEquals(
        List.of(
            samples.path(LIBC),
            "  layer 0, 303 kB",
            "",
            "Chains of references, shortest first:",
            "  app-1.0 -> glibc-2.40",
            "  [Env] python-3.12 -> glibc-2.40",
            "  app-1.0 -> python-3.12 -> glibc-2.40",
            "",
            "Without it, the image would lose 1 path, 303 kB:",
            "  303 kB  glibc-2.40"),
        why(image, "glibc").succeeds().out().lines().toList());
  }

  @Test
  void showsTheReasonForAPathThatWasWanted() {
    assertTrue(why(image, "site").succeeds().out().contains("  [copied to /] site\n"));
    String python = why(image, samples.path(PYTHON) + "/bin/python").succeeds().out();
    assertTrue(python.contains("  [Env] python-3.12\n  app-1.0 -> python-3.12\n"), python);
  }

  @Test
  void showsNoMoreChainsThanTheLimit() {
    String text = why("-n", "1", image, "glibc-2.40").succeeds().out();
    assertTrue(text.contains("  app-1.0 -> glibc-2.40\n  ... (use --limit to show more)\n"), text);
  }

  @Test
  void readsTheLayersOfOtherImages() {
    String copy = "oci:" + samples.path("copy") + ":1";
    strata("copy", "-q", image, copy).succeeds();
    String text = why(copy, "glibc").succeeds().out();
    assertTrue(text.contains("  layer 0, 30"), text);
    assertTrue(text.contains("  [Env] python-3.12 -> glibc-2.40\n"), text);
  }

  @Test
  void printsJson() {
    String json = why("--json", image, "app").succeeds().out();
    assertEquals(
        "{path:"
            + samples.path(APP)
            + ",layer:3,size:N,"
            + "chains:[{reason:null,paths:["
            + samples.path(APP)
            + "]}],moreChains:false,lostSize:N,lost:[{path:"
            + samples.path(APP)
            + ",size:N}]}",
        json.replaceAll("[\\s\"]", "").replaceAll("ize:[0-9]+", "ize:N"));
  }

  @Test
  void reportsWhatCannotBeAnswered() throws IOException {
    assertEquals(
        "strata: no path of '"
            + image
            + "' matches 'perl'; 'strata inspect' lists the paths of an image\n",
        why(image, "perl").fails().err());
    assertEquals(
        "strata: '"
            + image
            + "' contains no store paths; use --closure-graph if it was built from other paths\n",
        strata("why", image, "perl").fails().err());
    samples.file("store/" + APP + "/app", "a");
    String built = samples.path("built.json");
    strata("build", samples.path("store/" + APP), "-o", built).succeeds();
    assertEquals(
        "strata: nix is not on PATH, so the references between the store paths are unknown; use"
            + " --closure-graph with a file that 'strata closure' or Nix wrote\n",
        new CommandLineRun()
            .with("NIX_STORE_DIR", samples.path("store"))
            .run("why", built, "app")
            .fails()
            .err());
  }

  @Test
  void aNameMayBeShortIfItIsClear() {
    List<String> paths = List.of("/s/" + APP, "/s/" + LIBC, "/s/" + LIBC + "-bin", "/s/app");
    assertEquals(Optional.of("/s/" + APP), PathSearch.find("/s/" + APP + "/x/y", paths));
    assertEquals(Optional.of("/s/" + APP), PathSearch.find(APP, paths));
    assertEquals(Optional.of("/s/app"), PathSearch.find("app", paths));
    assertEquals(Optional.of("/s/" + LIBC), PathSearch.find("glibc-2.40", paths));
    assertEquals(Optional.empty(), PathSearch.find("glib", paths));
    assertEquals(
        "'glibc' matches 2 paths; use one of '/s/" + LIBC + "', '/s/" + LIBC + "-bin'",
        assertThrows(InvalidInputException.class, () -> PathSearch.find("glibc", paths))
            .getMessage());
  }
}
