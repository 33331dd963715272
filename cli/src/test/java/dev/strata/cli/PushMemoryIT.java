package dev.strata.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.fixtures.FileTrees;
import dev.strata.testing.SparseFolder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The memory of a large push: of the whole process, as counted by the kernel. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class PushMemoryIT {
  private static final long GIB = 1L << 30;
  private static final int FOLDERS = 5;
  private static final long LIMIT_KIB = 200 << 10;

  private Path directory;
  private SinkRegistry sink;

  @BeforeEach
  void start() throws IOException {
    directory = SparseFolder.create("strata-push-memory");
    sink = new SinkRegistry();
  }

  @AfterEach
  void stop() throws IOException {
    sink.close();
    FileTrees.deleteRecursively(directory);
  }

  @Test
  void fiveGibibytesOfLayersTakeLessThan200Mebibytes() throws IOException, InterruptedException {
    build();
    assertPeak("none", FOLDERS * GIB);
    assertTrue(sink.bytes.get() > FOLDERS * GIB, sink.bytes + " bytes arrived");
  }

  @Test
  void fiveGibibytesOfCompressedLayersToo() throws IOException, InterruptedException {
    build();
    assertPeak("zstd", 0);
  }

  /** Builds one layer of a gibibyte for each folder, of sparse files. */
  private void build() throws IOException, InterruptedException {
    String[] command = new String[FOLDERS + 4];
    command[0] = "build";
    command[1] = "-q";
    command[2] = "-o";
    command[3] = "image.json";
    for (int i = 0; i < FOLDERS; i++) {
      Path folder = Files.createDirectories(directory.resolve("folder" + i));
      try (RandomAccessFile file = new RandomAccessFile(folder.resolve("data").toFile(), "rw")) {
        file.setLength(GIB);
        file.writeInt(i);
      }
      command[4 + i] = folder.toString();
    }
    new PackedProgram().in(directory).run(command).succeeds();
  }

  private void assertPeak(String compression, long least) throws IOException, InterruptedException {
    List<String> args =
        List.of(
            "copy",
            "--quiet",
            "--dest-compress-format",
            compression,
            "image.json",
            "docker://127.0.0.1:" + sink.port() + "/large:1");
    Path log = directory.resolve("log");
    PackedProgram program =
        new PackedProgram().in(directory).with("XDG_CACHE_HOME", directory + "/cache");
    Process process =
        program.builder(args).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    long peak = 0;
    while (!process.waitFor(20, TimeUnit.MILLISECONDS)) {
      peak = Math.max(peak, peakKib(process.pid()));
    }
    assertEquals(0, process.exitValue(), () -> read(log));
    assertTrue(sink.manifests.containsKey("/v2/large/manifests/1"), "no manifest arrived");
    assertTrue(sink.bytes.get() >= least, sink.bytes + " bytes arrived");
    assertEquals(List.of(), List.copyOf(sink.wrong.keySet()));
    assertTrue(peak > 0 && peak < LIMIT_KIB, "the peak was " + (peak >> 10) + " MiB");
    System.out.println(
        "peak of a push of 5 GiB, compression " + compression + ": " + (peak >> 10) + " MiB");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Returns the peak memory of a process (VmHWM); 0 if it has ended. */
  private static long peakKib(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    } catch (IOException _) {
      // It has ended.
    }
    return 0;
  }
}
