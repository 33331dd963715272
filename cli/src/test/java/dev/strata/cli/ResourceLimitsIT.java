package dev.strata.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A system that permits few threads or open files, as in a container with a limit on processes:
 * commands work with what there is, or say what is missing, and end in any case.
 */
final class ResourceLimitsIT {
  private static final String IMAGE = "image.json";
  private static final int LAYERS = 5;
  private static final int MOST_SECONDS = 60;

  /**
   * A user other than root, for whom the limit on processes does not apply. All processes of a user
   * count, so it must be one who runs no others.
   */
  private static final String USER =
      String.valueOf(20_000 + ProcessHandle.current().pid() % 40_000);

  /** How the JVM's own errors begin. */
  private static final String NO_JVM = "Error";

  private static final String NO_THREAD =
      "strata: cannot start a thread; raise the limit on processes (ulimit -u, or the container's"
          + " --pids-limit)";

  @TempDir private Path directory = Path.of("");
  private SinkRegistry registry;

  @BeforeEach
  void start() throws IOException {
    Tools.require("prlimit", "setpriv");
    Tools.require(Tools.isRoot(), "requires root, to run a program as another user");
    registry = new SinkRegistry();
    Tools.run("cp", "-R", PackedProgram.launcher().getParent().getParent().toString(), program());
    Random random = new Random(1);
    for (int i = 0; i < LAYERS; i++) {
      byte[] content = new byte[2 << 20];
      random.nextBytes(content);
      Path folder = Files.createDirectory(directory.resolve("folder" + i));
      Files.write(folder.resolve("file"), content);
    }
    Tools.run("chmod", "-R", "a+rwX", directory.toString());
  }

  @AfterEach
  void stop() {
    if (registry != null) {
      registry.close();
    }
  }

  private String program() {
    return directory.resolve("strata").toString();
  }

  /** What a command printed, and its exit code. */
  private record Result(int exit, String printed) {
    boolean succeeded() {
      return exit == 0;
    }

    /** Whether there were too few threads or files for the JVM itself. */
    boolean hadNoJvm() {
      return exit == 1 && printed.startsWith(NO_JVM);
    }
  }

  @Test
  void buildsWorkWithTheThreadsThatThereAre() throws IOException, InterruptedException {
    List<Integer> built = new ArrayList<>();
    for (int limit = 11; limit < 20; limit += 2) {
      Files.deleteIfExists(directory.resolve(IMAGE));
      Result result = run("nproc", limit, build("--jobs", "16"));
      assertTrue(result.succeeded() || result.hadNoJvm(), limit + ": " + result);
      if (result.succeeded()) {
        built.add(limit);
      }
    }
    // One worker, of 16.
    assertTrue(built.size() > 2, () -> "built with " + built);
  }

  @Test
  void pushesEndWithOneLineIfThereAreTooFew() throws IOException, InterruptedException {
    for (Result result : refusedPushes("nproc", 14, 30)) {
      assertEquals(new Result(1, NO_THREAD + ", or lower --jobs and --parallel\n"), result);
    }
  }

  @Test
  void pushesEndWithOneLineIfTooFewFilesMayBeOpen() throws IOException, InterruptedException {
    for (Result result : refusedPushes("nofile", 18, 34)) {
      assertEquals(1, result.printed().lines().count(), result::toString);
      assertTrue(result.printed().startsWith("strata: "), result::toString);
      assertTrue(result.printed().contains("oo many open files"), result::toString);
      assertTrue(result.printed().contains("ulimit -n"), result::toString);
    }
  }

  /** Pushes with each limit; returns what was printed where it was too low, which it must be. */
  private List<Result> refusedPushes(String limited, int from, int to)
      throws IOException, InterruptedException {
    assertTrue(run(limited, 200, build()).succeeded());
    List<Result> refused = new ArrayList<>();
    for (int limit = from; limit < to; limit++) {
      Result result = push(limited, limit);
      if (!result.succeeded() && !result.hadNoJvm()) {
        refused.add(result);
      }
    }
    assertTrue(refused.size() > 2, refused.size() + " pushes had too few by " + limited);
    return refused;
  }

  private Result push(String limited, int limit) throws IOException, InterruptedException {
    String tag = "docker://127.0.0.1:" + registry.port() + "/push:" + limit;
    String format = limit % 2 == 0 ? "gzip" : "zstd:chunked";
    Result result = run(limited, limit, "copy", "-q", "--dest-compress-format", format, IMAGE, tag);
    assertEquals(result.succeeded(), registry.manifests.containsKey("/v2/push/manifests/" + limit));
    assertEquals(List.of(), List.copyOf(registry.wrong.keySet()));
    return result;
  }

  private String[] build(String... options) {
    List<String> args = new ArrayList<>(List.of("build", "-q", "--no-cache", "-o", IMAGE));
    for (int i = 0; i < LAYERS; i++) {
      args.addAll(List.of("--add", "folder" + i + ":/folder" + i));
    }
    args.addAll(List.of(options));
    return args.toArray(String[]::new);
  }

  /** Runs the program as a user who may have so many threads or open files. */
  private Result run(String limited, int limit, String... args)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("prlimit", "--" + limited + "=" + limit));
    command.addAll(List.of("setpriv", "--reuid", USER, "--regid", USER, "--clear-groups"));
    command.add(program() + "/bin/strata");
    command.addAll(List.of(args));
    Path printed = directory.resolve("printed");
    ProcessBuilder builder = Tools.process(command.toArray(String[]::new));
    builder.environment().put("STRATA_JAVA", System.getProperty("java.home"));
    builder.environment().put("HOME", directory.toString());
    builder.environment().put("XDG_CACHE_HOME", directory.resolve("cache").toString());
    Process process =
        builder
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    try {
      boolean ended = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
      String output = Files.readString(printed);
      assertTrue(ended, () -> "no end with " + limited + " " + limit + ": " + output);
      return new Result(process.exitValue(), output);
    } finally {
      process.destroyForcibly();
    }
  }
}
