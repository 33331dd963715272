package dev.strata.cli;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.io.FileNames;
import dev.strata.io.MissingDependencyException;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for a Skopeo that is patched to read {@code nix:}: copies and inspects such images, and
 * passes every other call to the Skopeo on the PATH.
 */
final class SkopeoCommand extends Command {
  private static final String PROGRAM = "skopeo";
  // Set for the Skopeo that is started, in case it is Strata again.
  private static final String GUARD = "STRATA_AS_SKOPEO";
  private static final List<String> OWN_COMMANDS =
      List.of("copy", "inspect", "list-tags", "layers");
  // Skopeo's global options that take a value.
  private static final Set<String> WITH_VALUE =
      Set.of(
          "--command-timeout",
          "--override-arch",
          "--override-os",
          "--override-variant",
          "--policy",
          "--registries-conf",
          "--registries.d",
          "--tls-details",
          "--tmpdir",
          "--user-agent-prefix");

  /** The version of Skopeo whose command line this one follows. */
  private static final String FOLLOWED = "1.22";

  private final Argument<List<String>> given =
      arguments().verbatim("ARGUMENT", "Arguments of Skopeo");

  SkopeoCommand() {
    super(
        "skopeo",
        "Run Skopeo with support for nix: images.",
        "",
        "Strata copies and inspects nix: images itself. All other calls are passed to the Skopeo"
            + " on PATH. Without it, Strata runs 'copy', 'inspect', 'list-tags' and 'layers'"
            + " itself.");
    footer(
        "Examples:",
        "  strata skopeo copy nix:image.json docker://localhost:5000/app:1.0",
        "  strata skopeo inspect --format '{{.Digest}}' nix:image.json",
        "  strata skopeo list-tags docker://localhost:5000/app");
  }

  @Override
  public int run(Context context) {
    List<String> all = given.orElse(List.of());
    int command = commandIndex(all);
    String name = command < all.size() ? all.get(command) : "";
    boolean ours = OWN_COMMANDS.contains(name);
    if (ours && all.stream().anyMatch(a -> a.startsWith("nix:"))) {
      return runOwn(context, all, command);
    }
    Path real = findReal(context.environment());
    if (real != null) {
      return run(context.environment(), real, all);
    }
    if (ours) {
      return runOwn(context, all, command);
    }
    return withoutSkopeo(context, all, name);
  }

  /** Runs what needs no Skopeo, and explains the rest. */
  private int withoutSkopeo(Context context, List<String> all, String name) {
    if (all.contains("--version") || all.contains("-v")) {
      context
          .out()
          .println(
              "strata " + Version.text() + ", with the commands of skopeo version " + FOLLOWED);
      return ExitCode.SUCCESS;
    }
    boolean help = all.contains("--help") || all.contains("-h") || name.equals("help");
    if (help || name.isEmpty()) {
      HelpText.print(HelpText.ofCommand(name()), help ? context.out() : context.err());
      return help ? ExitCode.SUCCESS : ExitCode.FAILURE;
    }
    throw new MissingDependencyException(
        "'skopeo "
            + name
            + "' requires Skopeo, which is not on PATH; install it (without it, only "
            + String.join(", ", OWN_COMMANDS)
            + " are available)");
  }

  /** Returns the position of the command, after the global options. */
  private static int commandIndex(List<String> given) {
    int i = 0;
    while (i < given.size() && given.get(i).startsWith("-")) {
      i += WITH_VALUE.contains(given.get(i)) ? 2 : 1;
    }
    return i;
  }

  /**
   * Moves Skopeo's global options behind the command, where Strata's options are, and makes {@code
   * inspect} print what Skopeo prints.
   */
  private static int runOwn(Context context, List<String> given, int command) {
    List<String> own = new ArrayList<>();
    if (given.get(command).equals("inspect")) {
      own.add("--skopeo-output");
    }
    own.addAll(given.subList(0, command));
    own.addAll(given.subList(command + 1, given.size()));
    int code =
        new CommandRunner(context)
            .run(CommandTable.ofSkopeo(given.get(command)), own.toArray(String[]::new), false);
    return code == ExitCode.USAGE ? ExitCode.FAILURE : code;
  }

  /** Finds the first skopeo on PATH that is not this program. */
  private static @Nullable Path findReal(Map<String, String> environment) {
    if (environment.containsKey(GUARD)) {
      return null;
    }
    for (String directory : environment.getOrDefault("PATH", "").split(":", -1)) {
      if (directory.isEmpty()) {
        continue;
      }
      Path file = FileNames.path(directory + "/" + PROGRAM);
      if (Files.isExecutable(file) && !isStrata(file)) {
        return file;
      }
    }
    return null;
  }

  private static boolean isStrata(Path file) {
    try {
      return String.valueOf(file.toRealPath().getFileName()).equals("strata");
    } catch (IOException _) {
      return true;
    }
  }

  private static int run(Map<String, String> environment, Path real, List<String> given) {
    List<String> line = new ArrayList<>();
    line.add(real.toString());
    line.addAll(given);
    try {
      ProcessBuilder builder = new ProcessBuilder(line).inheritIO();
      builder.environment().clear();
      builder.environment().putAll(environment);
      builder.environment().put(GUARD, "1");
      return builder.start().waitFor();
    } catch (IOException e) {
      throw new StrataException(
          "cannot run " + FileNames.quote(real.toString()) + ": " + e.getMessage(), e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }
}
