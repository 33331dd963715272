package dev.strata.bench.workload;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Makes the contenders there are. Stateless and thread-safe. */
public final class Contenders {
  private Contenders() {}

  /**
   * A program with the command line of {@code nix2container}: Strata itself, another build of it,
   * or the reference.
   *
   * @param name names it in tables
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
   * The executable of a Strata build.
   *
   * @param location a distribution (a folder with {@code bin/strata}), a checkout that has been
   *     built, or the executable itself
   * @return the executable
   * @throws IllegalArgumentException if there is none
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
            + ": give a folder with bin/strata, or a checkout after './strata --version' built it");
  }

  /**
   * {@code tar} piped into {@code sha256sum}: what the system's own tools need for the same bytes.
   *
   * @return the contender; it makes one stream, whatever the number of layers
   */
  public static Contender tar() {
    String script = "tar -cf - -P --files-from \"$1\" | sha256sum >\"$2\"";
    return new Contender(
        "tar | sha256sum",
        false,
        (input, job) -> List.of("sh", "-c", script, "sh", job.pathList(), job.output()));
  }

  /**
   * {@link WalkTarHash}: one thread that walks, tars and hashes with the JDK alone.
   *
   * @return the contender; it makes one stream, whatever the number of layers
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
   * Any command of the user's.
   *
   * @param name names it in tables
   * @param script a line for the shell; {@code {graph}}, {@code {out}}, {@code {paths}} and {@code
   *     {max-layers}} stand for the closure graph file, a file to write, a file with the store
   *     paths one a line, and the number of layers
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
