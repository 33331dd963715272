package dev.strata.cli;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Strata under Skopeo's name: does what has to do with {@code nix:} itself and hands everything
 * else to the real Skopeo, so that scripts written for a patched one keep working.
 */
final class SkopeoCommand extends Command {
  private static final String PROGRAM = "skopeo";
  // Tells a Strata that was started as skopeo by a Strata that looked for the real one.
  private static final String GUARD = "STRATA_AS_SKOPEO";
  private static final Set<String> OWN_COMMANDS = Set.of("copy", "inspect");
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
          "--tmpdir");

  private final Argument<List<String>> given =
      arguments().verbatim("ARGUMENT", "Skopeo's arguments.");

  SkopeoCommand() {
    super("skopeo", "Take Skopeo's arguments: nix: images are Strata's, the rest is Skopeo's.");
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
      return hand(context.environment(), real, all);
    }
    if (ours) {
      return runOwn(context, all, command);
    }
    throw new StrataException(
        "'skopeo "
            + name
            + "' needs the real Skopeo, and there is none on PATH: install it, or use strata's own"
            + " commands");
  }

  /** Where the command stands among the arguments. */
  private static int commandIndex(List<String> given) {
    int i = 0;
    while (i < given.size() && given.get(i).startsWith("-")) {
      i += WITH_VALUE.contains(given.get(i)) ? 2 : 1;
    }
    return i;
  }

  /** Skopeo's global options stand before the command, Strata's behind it. */
  private static int runOwn(Context context, List<String> given, int command) {
    List<String> own = new ArrayList<>();
    own.add(given.get(command));
    own.addAll(given.subList(0, command));
    own.addAll(given.subList(command + 1, given.size()));
    // Skopeo compresses what it pushes, unless it is told something about that.
    boolean push =
        own.getFirst().equals("copy") && own.stream().anyMatch(a -> a.startsWith("docker://"));
    if (push && own.stream().noneMatch(a -> a.startsWith("--dest-compress"))) {
      own.add(1, "--dest-compress-format=gzip");
    }
    // Skopeo prints JSON, Strata's own command a table.
    boolean inspect = own.getFirst().equals("inspect");
    if (inspect && own.stream().noneMatch(a -> a.equals("--raw") || a.equals("--config"))) {
      own.add(1, "--json");
    }
    return new CommandRunner(context).run(own.toArray(String[]::new));
  }

  /** The first skopeo on PATH that is not this program. */
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

  private static int hand(Map<String, String> environment, Path real, List<String> given) {
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
          "cannot run " + FileNames.quote(real.toString()) + ": check that it is a program", e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new java.util.concurrent.CancellationException("interrupted");
    }
  }
}
