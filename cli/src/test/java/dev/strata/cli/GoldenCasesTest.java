package dev.strata.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.fixtures.FileTrees;
import dev.strata.fixtures.GoldenCase;
import dev.strata.fixtures.GoldenCases;
import dev.strata.testing.Darwin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs every recorded case in this JVM. */
final class GoldenCasesTest {
  private static Path root = Path.of("");
  private static int number;

  @BeforeAll
  static void unpackStore() throws IOException {
    root = Files.createTempDirectory("strata-golden");
    GoldenCases.unpackDarwinStore(root.resolve("root"));
  }

  @AfterAll
  static void deleteStore() throws IOException {
    FileTrees.deleteRecursively(root);
  }

  static List<GoldenCase> cases() {
    return GoldenCases.load();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void matchesTheRecord(GoldenCase golden) throws IOException, InterruptedException {
    assertEquals(List.of(), differences(golden));
  }

  static List<GoldenCase> darwinCases() {
    return GoldenCases.loadDarwin();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("darwinCases")
  void matchesTheRecordAsOnDarwin(GoldenCase golden) throws Exception {
    assertEquals(List.of(), Darwin.call(() -> differences(golden)));
  }

  private static List<String> differences(GoldenCase golden)
      throws IOException, InterruptedException {
    GoldenCheck check =
        GoldenCheck.inThisJvm(golden, root.resolve("root"), root.resolve("case" + number++));
    check.prepare();
    return check.differences();
  }
}
