package dev.strata.bench.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessRunnerTest {
  private static final long MIB = 1 << 20;
  private static final long MILLISECOND = 1_000_000;

  @TempDir private Path temporary;
  private ProcessRunner runner;

  @BeforeEach
  void open() {
    runner = new ProcessRunner();
  }

  @AfterEach
  void close() {
    runner.close();
  }

  private ProcessUsage run(String... command) throws IOException {
    return runner.run(List.of(command), temporary.resolve("out"), temporary.resolve("err"));
  }

  @Test
  void returnsTheExitCode() throws IOException {
    assertEquals(0, run("true").exitCode());
    assertEquals(7, run("sh", "-c", "exit 7").exitCode());
    assertEquals(128 + 9, run("sh", "-c", "kill -9 $$").exitCode());
  }

  @Test
  void sleepCountsAsWallTimeOnly() throws IOException {
    ProcessUsage usage = run("sleep", "0.05");

    assertTrue(usage.wallNanos() >= 50 * MILLISECOND, usage::toString);
    assertTrue(usage.cpuNanos() < 40 * MILLISECOND, usage::toString);
  }

  @Test
  void processorTimeIncludesChildren() throws IOException {
    ProcessUsage usage = run("sh", "-c", "head -c 100000000 /dev/zero | sha256sum; exit $?");

    assertTrue(usage.userNanos() > 20 * MILLISECOND, usage::toString);
    assertTrue(usage.systemNanos() > 0, usage::toString);
  }

  /** The peak of a command must not include the size of this JVM, which exceeds 40 MiB. */
  @Test
  void peakMemoryIsTheCommandsOwn() throws IOException {
    ProcessUsage small = run("sleep", "0.01");
    ProcessUsage large = run("sh", "-c", "x=$(head -c 50000000 /dev/zero | tr '\\0' x); :");

    assertTrue(small.peakBytes() > 0 && small.peakBytes() < 10 * MIB, small::toString);
    assertTrue(large.peakBytes() > 40 * MIB, large::toString);
  }

  @Test
  void redirectsOutputAndErrors() throws IOException {
    run("sh", "-c", "echo to; echo \"$1\" >&2; cat", "sh", "a  b 'c'");

    assertEquals("to\n", Files.readString(temporary.resolve("out")));
    assertEquals("a  b 'c'\n", Files.readString(temporary.resolve("err")));
    assertEquals("hello", runner.output(List.of("echo", "hello")));
    assertEquals("", runner.output(List.of("false")));
  }

  @Test
  void failsIfTheProgramDoesNotExist() {
    IOException e = assertThrows(IOException.class, () -> run("/no/such/program"));

    assertTrue(message(e).contains("/no/such/program"), () -> message(e));
  }

  @Test
  void killsBackgroundProcessesOfTheCommand() throws IOException {
    Path alive = temporary.resolve("alive");
    ProcessUsage usage = run("sh", "-c", "(sleep 0.3; touch '" + alive + "') & exit 0");

    assertEquals(0, usage.exitCode());
    assertTrue(usage.wallNanos() < 290 * MILLISECOND, usage::toString);
    assertEquals(0, run("sleep", "0.4").exitCode());
    assertTrue(Files.notExists(alive));
  }

  @Test
  void droppingPagesKeepsTheContent() throws IOException {
    Path file = Files.writeString(temporary.resolve("näme"), "content");

    PageCache.dropFiles(temporary);

    assertEquals("content", Files.readString(file));
  }

  private static String message(Exception e) {
    return String.valueOf(e.getMessage());
  }
}
