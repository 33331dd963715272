package dev.strata.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process that is terminated leaves no temporary files, and keeps old output files. */
final class InterruptIT {
  private static final long SPARSE_BYTES = 20L << 30;

  @TempDir private Path directory = Path.of("");

  /** Starts the program, sends a signal after a while and waits for the end. */
  private void interrupt(String signal, long afterMillis, ProcessBuilder builder)
      throws IOException, InterruptedException {
    Path log = directory.resolve("log");
    // A program started in the background of a script ignores SIGINT, and so would this one.
    builder.command().addAll(0, List.of("env", "--default-signal"));
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      boolean ended = process.waitFor(afterMillis, TimeUnit.MILLISECONDS);
      assertTrue(!ended, () -> "too fast to be interrupted: " + read(log));
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
      assertTrue(process.waitFor(30, TimeUnit.SECONDS), "still running");
      assertNotEquals(0, process.exitValue());
      assertTrue(!read(log).contains("\tat "), read(log));
    } finally {
      process.destroyForcibly();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @CsvSource({"INT,400", "TERM,700", "INT,1000", "TERM,1300", "INT,1800"})
  void demoRemovesItsFolder(String signal, long afterMillis)
      throws IOException, InterruptedException {
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    interrupt(
        signal,
        afterMillis,
        new PackedProgram()
            .in(directory)
            .with("TMPDIR", temporary.toString())
            .builder(List.of("demo", "--jobs", "1")));

    assertEquals(List.of(), list(temporary));
  }

  @Test
  void layersLeaveTheOldFileAndNoTars() throws IOException, InterruptedException {
    Path big = Files.createDirectory(directory.resolve("big"));
    try (RandomAccessFile file = new RandomAccessFile(big.resolve("hole").toFile(), "rw")) {
      file.setLength(SPARSE_BYTES);
    }
    SampleFolders sample = new SampleFolders(directory);
    sample.file("graph.json", "[{\"path\": \"" + big + "\", \"references\": []}]");
    sample.file("layers.json", "old");
    Path tars = Files.createDirectory(directory.resolve("tars"));
    for (String signal : List.of("INT", "TERM")) {
      interrupt(
          signal,
          1500,
          new PackedProgram()
              .in(directory)
              .builder(
                  List.of(
                      "layers-from-non-reproducible-storepaths",
                      "layers.json",
                      "graph.json",
                      "--tar-directory",
                      "tars")));

      assertEquals(List.of(), list(tars));
      assertEquals("old", sample.read("layers.json"));
      assertEquals(List.of("big", "graph.json", "layers.json", "log", "tars"), list(directory));
    }
  }
}
