package dev.strata.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The native library of zstd in JVMs that cannot load it. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ZstdLoadingTest {
  @TempDir private Path temporary;
  private Path folder;

  @BeforeEach
  void createFolder() throws IOException {
    folder = Files.createDirectory(temporary.toRealPath().resolve("folder"));
    Files.writeString(folder.resolve("file"), "text");
  }

  private String run(String compression, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            Embedded.class.getName(),
            folder.toString(),
            compression));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    return output.strip();
  }

  @Test
  void failsWithOneLineInAJvmThatDeniesNativeAccess() throws Exception {
    assertEquals(
        "MissingDependencyException: cannot compress with zstd: this JVM denies native access;"
            + " start it with --enable-native-access=ALL-UNNAMED, or use gzip",
        run("zstd", "--illegal-native-access=deny"));
  }

  @Test
  void failsWithOneLineWithoutAFolderForTheLibrary() throws Exception {
    String missing = temporary.resolve("missing").toString();

    String output =
        run("zstd", "--enable-native-access=ALL-UNNAMED", "-Djava.io.tmpdir=" + missing);

    // A JVM of its own accord warns of such a folder.
    String last = output.lines().toList().getLast();
    assertTrue(last.startsWith("MissingDependencyException: cannot compress with zstd: "), output);
    assertTrue(last.contains("'" + missing + "'"), output);
    assertTrue(last.contains("-DZstdTempFolder=FOLDER"), output);
  }

  @Test
  void loadsFromAnotherFolder() throws Exception {
    String missing = temporary.resolve("missing").toString();

    String output =
        run(
            "zstd",
            "--enable-native-access=ALL-UNNAMED",
            "-Djava.io.tmpdir=" + missing,
            "-DZstdTempFolder=" + temporary);

    assertEquals("done", output.lines().toList().getLast());
  }

  @Test
  void everythingElsePrintsNoWarningWithoutNativeAccess() throws Exception {
    assertEquals("done", run("gzip"));
    assertEquals("done", run("gzip", "--illegal-native-access=deny"));
  }
}
