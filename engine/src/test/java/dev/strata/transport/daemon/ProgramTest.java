package dev.strata.transport.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.io.MissingDependencyException;
import dev.strata.testing.Failures;
import dev.strata.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ProgramTest {
  @TempDir private Path folder;

  @BeforeEach
  void requireShell() {
    Tools.require("sh");
    Tools.require(Tools.isLinux(), "needs Linux, for /proc");
  }

  private static void shell(String script) {
    Program.run(List.of("sh", "-c", script));
  }

  @Test
  void runsToTheEnd() {
    Path file = folder.resolve("done");
    shell("echo output; echo error >&2; touch " + file);
    assertTrue(Files.exists(file));
  }

  @Test
  void showsTheOutputOfAProgramThatFails() {
    Failures.assertFails(() -> shell("echo one; echo two >&2; exit 3"), "' failed: one; two");
    Failures.assertFails(() -> shell("exit 3"), "' failed with exit code 3");
  }

  @Test
  void readsMoreOutputThanAPipeHolds() {
    Failures.assertFails(
        () -> shell("i=0; while [ $i -lt 20000 ]; do echo 0123456789; i=$((i+1)); done; exit 1"),
        "0123456789; 0123456789");
  }

  @Test
  void doesNotWaitForAGrandchildThatKeepsTheOutputOpen() {
    long begun = System.nanoTime();
    shell("sleep 30 & echo $! >" + folder.resolve("pid"));
    assertTrue(System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(20));
    Tools.run("sh", "-c", "kill $(cat " + folder.resolve("pid") + ")");
  }

  @Test
  void reportsAProgramThatCannotBeStarted() {
    assertThrows(MissingDependencyException.class, () -> Program.run(List.of("/no/such/program")));
  }

  @Test
  void anInterruptEndsTheProgramAndItsChildren() throws Exception {
    Path pids = folder.resolve("pids");
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                shell(
                    "sleep 300 & echo $! $$ >"
                        + pids
                        + ".new; mv "
                        + pids
                        + ".new "
                        + pids
                        + "; wait");
                outcome.complete(new AssertionError("it ended"));
              } catch (Throwable e) {
                outcome.complete(e);
              }
            });
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!Files.exists(pids) && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    List<String> processes = List.of(Files.readString(pids).strip().split(" ", -1));
    assertTrue(processes.stream().allMatch(ProgramTest::runs));
    thread.interrupt();
    assertInstanceOf(CancellationException.class, outcome.get(2, TimeUnit.SECONDS));
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
    while (processes.stream().anyMatch(ProgramTest::runs)) {
      assertTrue(System.nanoTime() < limit, "still running");
    }
  }

  private String folderWith(String name, String... programs) throws IOException {
    Path made = Files.createDirectories(folder.resolve(name));
    for (String program : programs) {
      assertTrue(Files.createFile(made.resolve(program)).toFile().setExecutable(true));
    }
    return made.toString();
  }

  @Test
  void theFirstProgramOnThePathIsUsed() throws IOException {
    String skopeo = folderWith("one", "skopeo");
    String both = folderWith("two", "podman", "skopeo");
    String none = folderWith("three");
    assertEquals(Path.of(skopeo, "skopeo"), Program.ofStorage(skopeo + ":" + both));
    assertEquals(Path.of(both, "podman"), Program.ofStorage(none + "::" + both + ":" + skopeo));
    assertTrue(Program.isPodman(Path.of(both, "podman")));
    assertFalse(Program.isPodman(Path.of(both, "skopeo")));
    assertNull(Program.ofStorage(none + ":/no/such/folder"));
    assertNull(Program.ofStorage(null));
  }

  @Test
  void aLinkToStrataIsNotSkopeo() throws IOException {
    String strata = folderWith("bin", "strata");
    Files.createSymbolicLink(Path.of(strata, "skopeo"), Path.of("strata"));
    String skopeo = folderWith("one", "skopeo");
    assertNull(Program.ofStorage(strata));
    assertEquals(Path.of(skopeo, "skopeo"), Program.ofStorage(strata + ":" + skopeo));
  }

  /** Whether a process exists and is not a zombie, which only its parent can remove. */
  private static boolean runs(String pid) {
    try {
      return !Files.readString(Path.of("/proc", pid, "stat")).contains(") Z ");
    } catch (IOException _) {
      return false;
    }
  }
}
