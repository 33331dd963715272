package dev.strata.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.fixtures.ClosureGenerator;
import dev.strata.fixtures.ClosureProfile;
import dev.strata.fixtures.GeneratedClosure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With all processors busy, any number of workers writes the same layers. */
final class LoadIT {
  private static final int MOST_JOBS = 8;
  private static final int MOST_SECONDS = 60;

  @TempDir private Path directory = Path.of("");

  @Test
  void oneToEightWorkersOnABusyMachineWriteTheSameLayers()
      throws IOException, InterruptedException {
    GeneratedClosure closure =
        ClosureGenerator.generate(ClosureProfile.S.scaled(0.4), directory.resolve("closure"));
    String graph = closure.closureGraph().toString();
    Map<Integer, String> expected = new HashMap<>();
    List<Process> load = new ArrayList<>();
    try {
      for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
        load.add(new ProcessBuilder("sh", "-c", "while :; do :; done").start());
      }
      for (int jobs = 1; jobs <= MOST_JOBS; jobs++) {
        for (int layers : new int[] {1, 8, 100}) {
          String written = layers(graph, layers, jobs);
          String what = layers + " layers by " + jobs + " workers";
          assertEquals(expected.computeIfAbsent(layers, _ -> written), written, what);
        }
      }
    } finally {
      load.forEach(Process::destroyForcibly);
    }
  }

  private String layers(String graph, int layers, int jobs)
      throws IOException, InterruptedException {
    Path out = directory.resolve("layers.json");
    Path log = directory.resolve("log");
    List<String> command =
        List.of(
            "layers-from-reproducible-storepaths",
            out.toString(),
            graph,
            "--max-layers",
            Integer.toString(layers),
            "--jobs",
            Integer.toString(jobs));
    ProcessBuilder builder = new PackedProgram().in(directory).builder(command);
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      boolean ended = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
      assertTrue(ended, () -> layers + " layers by " + jobs + " workers: no end");
      assertEquals(0, process.exitValue(), Files.readString(log));
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(out);
  }
}
