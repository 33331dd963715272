package dev.strata.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.fixtures.FileTrees;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BenchCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path folder;

  @BeforeEach
  void createDirectory() throws IOException {
    folder = Files.createTempDirectory("bench");
  }

  @AfterEach
  void deleteDirectory() throws IOException {
    FileTrees.deleteRecursively(folder);
  }

  private int bench(String... args) {
    return BenchCommand.run(args, new PrintWriter(out, true), new PrintWriter(err, true));
  }

  /** Creates a build that runs a script. */
  private String build(String name, String script) throws IOException {
    Path executable = folder.resolve(name).resolve("bin/strata");
    Files.createDirectories(executable.getParent());
    Files.writeString(executable, "#!/bin/sh\n" + script + "\n");
    assertTrue(executable.toFile().setExecutable(true));
    return folder.resolve(name).toString();
  }

  private String good(String name, String seconds) throws IOException {
    return build(
        name,
        "sleep " + seconds + "; echo '[{\"digest\":\"sha256:" + "1".repeat(64) + "\"}]' >\"$2\"");
  }

  private String[] withWorkload(String... args) {
    String[] more = {"--workload", "trivial", "--work-dir", folder.resolve("work").toString()};
    String[] all = java.util.Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    return all;
  }

  @Test
  void eachCommandHasHelp() {
    for (String command :
        new String[] {"run", "record", "compare", "report", "scale", "cores", "jmh"}) {
      assertEquals(0, bench(command, "--help"), command);
    }
    assertEquals(0, bench("--help"));
    assertTrue(out.toString().contains("Exit codes:"), out::toString);
  }

  @Test
  void usageErrorsExitWithTwo() {
    assertEquals(2, bench());
    assertEquals(2, bench("run", "--workload", "huge"));
    assertEquals(2, bench("compare", "/no/such/build", "/no/such/build"));
    assertEquals(2, bench("compare"));
    assertTrue(err.toString().contains("no Strata build at /no/such/build"), err::toString);
  }

  @Test
  void runPrintsATableAndDoesNotRequireAReference() throws IOException {
    int code =
        bench(
            withWorkload(
                "run",
                "--strata",
                good("a", "0.01"),
                "--no-walk",
                "--rounds",
                "2",
                "--command",
                "nothing=true"));

    assertEquals(0, code, err::toString);
    assertTrue(err.toString().contains("continuing without nix2container"), err::toString);
    assertTrue(out.toString().contains("tar | sha256sum"), out::toString);
    assertTrue(out.toString().contains("nothing"), out::toString);
    assertTrue(!out.toString().contains("walk-tar-hash"), out::toString);
  }

  @Test
  void runFailsIfTheLayersOfTheReferenceDiffer() throws IOException {
    String wrong =
        build("wrong", "echo '[{\"digest\":\"sha256:" + "2".repeat(64) + "\"}]' >\"$2\"");
    int code =
        bench(
            withWorkload("run", "--strata", good("a", "0"), "--reference", wrong + "/bin/strata"));

    assertEquals(1, code);
    assertTrue(err.toString().contains("the layers differ"), err::toString);
  }

  @Test
  void compareDetectsTheSlowerBuildAndRecordsIt() throws IOException {
    String results = folder.resolve("r.jsonl").toString();
    int code =
        bench(
            withWorkload(
                "compare",
                good("a", "0.02"),
                good("b", "0.04"),
                "--max-time",
                "20",
                "--results",
                results));

    assertEquals(1, code, err::toString);
    assertTrue(out.toString().contains("REGRESSION: b is slower than a"), out::toString);
    assertEquals(0, bench("report", "--results", results, "--format", "markdown"));
    assertTrue(out.toString().contains("**REGRESSION: b"), out::toString);
  }

  @Test
  void compareExitsWithThreeIfABuildFails() throws IOException {
    int code = bench(withWorkload("compare", good("a", "0"), build("b", "exit 1")));

    assertEquals(3, code);
    assertTrue(err.toString().contains("candidate failed on the workload trivial"), err::toString);
  }

  @Test
  void reportIncludesRecordedRuns() throws IOException {
    String results = folder.resolve("r.jsonl").toString();
    String page = folder.resolve("report.html").toString();
    String build = good("a", "0.01");
    String[] record =
        withWorkload(
            "record", "--strata", build, "-n", "2", "--commit", "c0ffee", "--results", results);

    assertEquals(0, bench(record), err::toString);
    assertEquals(0, bench(record), err::toString);
    assertEquals(0, bench("report", "--results", results, "-o", page), err::toString);

    assertEquals(2, Files.readAllLines(Path.of(results)).size());
    assertTrue(Files.readString(Path.of(page)).contains("c0ffee"));
  }

  @Test
  void reportWithoutResultsSuggestsRecording() {
    assertEquals(1, bench("report", "--results", folder.resolve("none").toString()));
    assertTrue(err.toString().contains("strata bench record"), err::toString);
  }

  @Test
  void jmhListsTheBenchmarks() {
    assertEquals(0, bench("jmh", "-l"));
    assertEquals(2, bench("jmh", "--no-such-option"));
  }

  @Test
  void scalePrintsAndDrawsTimeAndMemoryOfEachSize() throws IOException {
    Path chart = folder.resolve("scale.svg");
    int code =
        bench(
            "scale",
            "--strata",
            good("a", "0"),
            "--size",
            "0.001",
            "--part",
            "bytes,entries",
            "-n",
            "1",
            "--work-dir",
            folder.resolve("work").toString(),
            "--chart",
            chart.toString());

    assertEquals(0, code, err::toString);
    String table = out.toString();
    assertTrue(table.lines().anyMatch(line -> line.startsWith("0.05 ")), table);
    assertTrue(table.lines().anyMatch(line -> line.startsWith("1,000 ")), table);
    String svg = Files.readString(chart);
    assertTrue(svg.contains("Seconds per 100,000 entries"), svg);
    assertEquals(1 + 2 * 2, svg.split("<svg ", -1).length - 1);
  }

  @Test
  void scaleRejectsSizesAboveOne() throws IOException {
    assertEquals(2, bench("scale", "--strata", good("a", "0"), "--size", "2"));
  }
}
