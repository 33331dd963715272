package dev.strata.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.testing.DockerPeer;
import dev.strata.testing.Tools;
import dev.strata.transport.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The recorded session of the README: its commands work as they are written. */
@Timeout(300)
final class ReadmeIT {
  private static final String SECTION = "## From a folder to a running container";
  private static final String FENCE = "```\n";

  @TempDir private Path folder = Path.of("");

  /** A command of the session with its output. */
  private record Step(String command, String output) {}

  private static List<Step> session() throws IOException {
    String readme = Files.readString(Path.of("../README.md"));
    int section = readme.indexOf(SECTION);
    int start = readme.indexOf(FENCE, section) + FENCE.length();
    List<Step> steps = new ArrayList<>();
    for (String step :
        readme.substring(start, readme.indexOf(FENCE, start)).split("(?m)^\\$ ", -1)) {
      if (!step.isEmpty()) {
        int end = step.indexOf('\n');
        while (step.charAt(end - 1) == '\\') {
          end = step.indexOf('\n', end + 1);
        }
        steps.add(new Step(step.substring(0, end), step.substring(end + 1)));
      }
    }
    return steps;
  }

  /** Replaces what differs from run to run and from machine to machine: digests, sizes, times. */
  private static String shape(String output) {
    return output
        .replaceAll("[0-9a-f]{12,64}", "HASH")
        .replaceAll("[0-9]+(\\.[0-9]+)? ([kMG]?B/s|[kMG]?B|s)\\b", "N")
        .replaceAll(" +", " ");
  }

  @Test
  void theSessionRunsAsItIsWritten() throws IOException, InterruptedException {
    Tools.require(
        Files.isExecutable(Path.of("/bin/busybox")), "needs /bin/busybox: install busybox-static");
    Tools.require("bash");
    List<Step> steps = session();
    assertEquals(3, steps.size());
    Path program = folder.resolve(steps.getFirst().command.replaceFirst("^cat ", ""));
    Files.createDirectories(program.getParent());
    Files.writeString(program, steps.getFirst().output);
    Files.setAttribute(program, "unix:mode", 0755);
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("strata"), PackedProgram.launcher().toAbsolutePath());

    try (DockerPeer docker = DockerPeer.start()) {
      Map<String, String> environment =
          Map.of(
              "DOCKER_HOST", docker.host(),
              "PATH", bin + ":" + System.getenv("PATH"),
              "XDG_CACHE_HOME", folder.resolve("cache").toString(),
              "STRATA_JAVA", System.getProperty("java.home"));
      for (Step step : steps) {
        Programs.Result result = Programs.run(folder, environment, "bash", "-c", step.command).ok();
        String out = result.out() + result.err();
        assertEquals(sorted(shape(step.output)), sorted(shape(out)), step.command);
      }
    }
    assertTrue(steps.getLast().command.startsWith("docker run"));
  }

  /** Layers arrive in any order. */
  private static List<String> sorted(String output) {
    return output.lines().sorted().toList();
  }
}
