package dev.strata.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.fixtures.FileTrees;
import dev.strata.fixtures.GoldenCase;
import dev.strata.fixtures.GoldenCases;
import dev.strata.testing.FileModes;
import dev.strata.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Runs every recorded case with the packed program, in two locales and with one and two workers,
 * and with each combination of the ways to read files, to hash and to keep slabs.
 */
final class GoldenCasesIT {
  private static final int AT_ONCE = 2;

  private static final int RECORDED = 191;

  /** Runs are too short for the second compiler. */
  private static final String SHORT_RUNS = "-XX:TieredStopAtLevel=1";

  private static Path root = Path.of("");

  @BeforeAll
  static void unpackStore() throws IOException {
    root = Files.createTempDirectory("strata-golden");
    GoldenCases.unpackDarwinStore(root.resolve("root"));
  }

  @AfterAll
  static void deleteStore() throws IOException {
    FileTrees.deleteRecursively(root);
  }

  @ParameterizedTest(name = "LC_ALL={0} --jobs {1}")
  @CsvSource({"C,1", "C.UTF-8,2"})
  void everyCaseMatchesTheRecord(String locale, int jobs)
      throws IOException, InterruptedException, ExecutionException {
    List<GoldenCase> cases = GoldenCases.load();
    assertEquals(RECORDED, cases.size());
    assertAllMatch(cases, locale, jobs, SHORT_RUNS);
  }

  /** Each combination has a JVM of its own, which runs all cases. */
  @ParameterizedTest(
      name = "files by way of {0}, hashes of {1}, slabs of {2}, LC_ALL={3} --jobs {4}")
  @CsvSource({
    "native,libcrypto,agrona,C.UTF-8,8",
    "native,libcrypto,buffer,C,2",
    "native,jdk,agrona,C.UTF-8,1",
    "native,jdk,buffer,C,1",
    "nio,libcrypto,agrona,C.UTF-8,2",
    "nio,libcrypto,buffer,C.UTF-8,1",
    "nio,jdk,agrona,C,2",
    "nio,jdk,buffer,C,8",
  })
  void everyCaseMatchesTheRecordInEachWay(
      String files, String hash, String slabs, String locale, int jobs)
      throws IOException, InterruptedException {
    Path work = root.resolve(files + "-" + hash + "-" + slabs);
    List<String> options = FileModes.options(files + " " + hash + " " + slabs);
    options.add("-Dstrata.storage=" + (jobs == 2 ? "slow" : "auto"));
    List<String> command = Tools.java(GoldenCasesMain.class, options.toArray(String[]::new));
    command.addAll(
        List.of(root.resolve("root").toString(), work.toString(), Integer.toString(jobs)));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("LC_ALL", locale);
    Outcome outcome = PackedProgram.finish(builder);
    assertEquals(RECORDED + " cases\n", outcome.out() + outcome.err());
  }

  /** The cases that macOS changes: the file names there are UTF-8 in every locale. */
  @Test
  void everyCaseForDarwinMatchesTheRecord()
      throws IOException, InterruptedException, ExecutionException {
    List<GoldenCase> cases = new ArrayList<>(GoldenCases.loadDarwin());
    cases.removeAll(GoldenCases.load());
    assertEquals(65, cases.size());
    assertAllMatch(cases, "C.UTF-8", 2, SHORT_RUNS + " -Dstrata.platform=darwin");
  }

  private static void assertAllMatch(
      List<GoldenCase> cases, String locale, int jobs, String javaOptions)
      throws IOException, InterruptedException, ExecutionException {
    Path work = Files.createTempDirectory(root, "cases");
    List<Future<List<String>>> running = new ArrayList<>();
    List<String> differences = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE)) {
      for (int i = 0; i < cases.size(); i++) {
        GoldenCheck check =
            new GoldenCheck(
                cases.get(i),
                root.resolve("root"),
                work.resolve(Integer.toString(i)),
                (cwd, args) ->
                    new PackedProgram()
                        .with("LC_ALL", locale)
                        .with("STRATA_JAVA_OPTS", javaOptions)
                        .in(cwd)
                        .run(args));
        check.prepare();
        running.add(pool.submit(() -> check.differencesWith(jobs)));
      }
      for (Future<List<String>> result : running) {
        differences.addAll(result.get());
      }
    }
    assertEquals("", String.join("\n", differences));
  }
}
