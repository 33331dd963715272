package dev.strata.transport.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.testing.Tools;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes write to one layout at the same time. */
final class LayoutWritersIT {
  private static final int PROCESSES = 8;

  @TempDir private Path directory;

  @Test
  void noProcessLosesAnEntryOfAnother() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      List<String> command = Tools.java(LayoutWriter.class);
      command.addAll(List.of(directory.toString(), "p" + i));
      processes.add(new ProcessBuilder(command).inheritIO().start());
    }
    for (Process process : processes) {
      assertEquals(0, process.waitFor());
    }
    for (int i = 0; i < PROCESSES; i++) {
      LayoutWritersTest.assertComplete(directory, "p" + i);
    }
  }
}
