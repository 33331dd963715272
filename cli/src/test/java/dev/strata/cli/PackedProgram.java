package dev.strata.cli;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs {@code bin/strata} of the packed distribution, as a user does. */
public final class PackedProgram {
  private static final long PATIENCE_SECONDS = 120;

  private final Map<String, String> environment = new HashMap<>();
  private Path directory = Path.of(".");

  /** The launcher script. */
  public static Path launcher() {
    String home = System.getProperty("strata.home");
    assertNotNull(home, "run this test by 'mvn verify': it needs the packed distribution");
    Path launcher = Path.of(home, "bin", "strata");
    assertTrue(Files.isExecutable(launcher), launcher + " is missing: run 'mvn package'");
    return launcher;
  }

  public PackedProgram() {
    with("STRATA_JAVA", System.getProperty("java.home"));
  }

  public PackedProgram with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  public PackedProgram in(Path folder) {
    directory = folder;
    return this;
  }

  /** Returns a builder of the process. */
  public ProcessBuilder builder(List<String> args) {
    List<String> command = new ArrayList<>();
    command.add(launcher().toString());
    command.addAll(args);
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().remove("STRATA_AOT_OUTPUT");
    builder.environment().putAll(environment);
    return builder;
  }

  public Outcome run(String... args) throws IOException, InterruptedException {
    return run(List.of(args));
  }

  public Outcome run(List<String> args) throws IOException, InterruptedException {
    return finish(builder(args));
  }

  /** Runs any program and collects its output. */
  public static Outcome finish(ProcessBuilder builder) throws IOException, InterruptedException {
    Path err = Files.createTempFile("strata-stderr", ".txt");
    try {
      Process process = builder.redirectError(err.toFile()).start();
      process.getOutputStream().close();
      byte[] out;
      try (InputStream stream = process.getInputStream()) {
        out = stream.readAllBytes();
      }
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(
            "still running after " + PATIENCE_SECONDS + " s: " + builder.command());
      }
      return new Outcome(process.exitValue(), out, Files.readString(err));
    } finally {
      Files.delete(err);
    }
  }
}
