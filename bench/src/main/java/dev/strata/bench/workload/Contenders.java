package dev.strata.bench.workload;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Creates contenders. Stateless and thread-safe. */
public final class Contenders {
  private Contenders() {}

  /**
   * A program with the command line of {@code nix2container}: Strata itself, another build of it,
   * or the reference implementation.
   *
   * @param name its name in tables
   * @param program its executable
   * @return the contender
   */
  public static Contender layers(String name, Path program) {
    String executable = program.toAbsolutePath().normalize().toString();
    return new Contender(
        name,
        true,
        (input, job) -> {
          List<String> command = new ArrayList<>();
          command.add(executable);
          command.add("layers-from-reproducible-storepaths");
          command.add(job.output());
          command.add(input.graph().toString());
          command.add("--max-layers");
          command.add(Integer.toString(input.workload().maxLayers()));
          if (input.permissions() != null) {
            command.add("--perms");
            command.add(input.permissions().toString());
          }
          return command;
        });
  }

  /**
   * Locates the executable of a Strata build.
   *
   * @param location a distribution (a directory with {@code bin/strata}), a built checkout, or the
   *     executable itself
   * @return the executable
   * @throws IllegalArgumentException if it does not exist
   */
  public static Path strataExecutable(Path location) {
    for (String below : List.of("bin/strata", "cli/target/strata/bin/strata", "")) {
      Path file = location.resolve(below);
      if (Files.isRegularFile(file) && Files.isExecutable(file)) {
        return file;
      }
    }
    throw new IllegalArgumentException(
        "no Strata build at "
            + location
            + "; specify a directory with bin/strata, or a checkout built with './strata"
            + " --version'");
  }

  /**
   * {@code tar} piped into {@code sha256sum}: the time the system's own tools take.
   *
   * @return the contender, which produces a single stream regardless of the number of layers
   */
  public static Contender tar() {
    String script = "tar -cf - -P --files-from \"$1\" | sha256sum >\"$2\"";
    return new Contender(
        "tar | sha256sum",
        false,
        (input, job) -> List.of("sh", "-c", script, "sh", job.pathList(), job.output()));
  }

  /**
   * {@link WalkTarHash}: a simple program that walks, archives and hashes with one thread.
   *
   * @return the contender, which produces a single stream regardless of the number of layers
   */
  public static Contender walk() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new Contender(
        "walk-tar-hash",
        false,
        (input, job) ->
            List.of(
                java,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                WalkTarHash.class.getName(),
                job.pathList(),
                job.output()));
  }

  /**
   * A shell command.
   *
   * @param name its name in tables
   * @param script the command; {@code {graph}}, {@code {out}}, {@code {paths}} and {@code
   *     {max-layers}} are replaced by the closure graph file, an output file, a file that lists the
   *     store paths, one per line, and the number of layers
   * @return the contender
   */
  public static Contender shell(String name, String script) {
    return new Contender(
        name,
        false,
        (input, job) ->
            List.of(
                "sh",
                "-c",
                script
                    .replace("{graph}", quoted(input.graph().toString()))
                    .replace("{out}", quoted(job.output()))
                    .replace("{paths}", quoted(job.pathList()))
                    .replace("{max-layers}", Integer.toString(input.workload().maxLayers()))));
  }

  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }
}
