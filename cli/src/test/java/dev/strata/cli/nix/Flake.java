package dev.strata.cli.nix;

import dev.strata.transport.Programs;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The flake of this checkout, or one that uses it, with the miniature package set as nixpkgs. */
final class Flake {
  private static final long LIMIT_SECONDS = 900;

  /** Runs the rest of a command line with the variables that Nix needs. */
  private final List<String> runner;

  /** A copy of the checkout. */
  private final Path checkout;

  private final Map<String, String> environment;

  private Flake(List<String> runner, Path checkout, MavenFiles maven) {
    this.runner = runner;
    this.checkout = checkout;
    this.environment =
        Map.of(
            "STRATA_MAVEN_REPOSITORY",
            maven.folder.toString(),
            "JAVA_HOME",
            System.getProperty("java.home", ""));
  }

  /** Copies the checkout without what builds leave behind: Nix takes all files of a flake. */
  static Flake copy(List<String> runner, Path folder, MavenFiles maven) throws IOException {
    Path checkout = Files.createDirectories(folder.resolve("strata"));
    String copy = "tar -C \"$1\" -c --exclude=target --exclude=.git . | tar -C \"$2\" -x";
    Nix.run("bash", "-c", copy, "bash", Nix.root().toString(), checkout.toString()).ok();
    return new Flake(runner, checkout, maven);
  }

  /** Returns the name of one of its outputs for the command line. */
  String output(String attribute) {
    return "path:" + checkout + "#" + attribute;
  }

  /** Runs a command in a folder. */
  Programs.Result run(Path folder, String... command) {
    List<String> all = new ArrayList<>(runner);
    all.addAll(List.of(command));
    return Programs.run(
        LIMIT_SECONDS,
        folder,
        environment,
        ProcessBuilder.Redirect.from(new File("/dev/null")),
        all.toArray(String[]::new));
  }

  /** Runs a command of nix on this flake; its first two words are in front of the options. */
  Programs.Result nix(String command, String... arguments) {
    return nix(checkout, List.of(), command, arguments);
  }

  /** Runs a command of nix in the folder of another flake, which has this one as its input. */
  Programs.Result nixIn(Path user, String command, String... arguments) {
    return nix(user, List.of("--override-input", "strata", "path:" + checkout), command, arguments);
  }

  /** Evaluates an output of the flake in a folder, which has this one as its input, purely. */
  Programs.Result evalIn(Path user, String attribute) {
    return run(
        user,
        "nix",
        "eval",
        "--offline",
        "--no-write-lock-file",
        "--override-input",
        "strata",
        "path:" + checkout,
        "path:.#" + attribute);
  }

  private Programs.Result nix(Path folder, List<String> more, String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of("nix"));
    all.addAll(List.of(command.split(" ", -1)));
    all.addAll(List.of("--impure", "--offline", "--no-write-lock-file"));
    all.addAll(List.of("--override-input", "nixpkgs", "path:" + checkout.resolve("fixtures/nix")));
    all.addAll(more);
    all.addAll(List.of(arguments));
    return run(folder, all.toArray(String[]::new));
  }

  /** Evaluates an output to JSON after applying a function to it. */
  String eval(String attribute, String function) {
    return nix("eval", "--json", output(attribute), "--apply", function).ok().out().strip();
  }

  /** The system of this machine, as Nix calls it. */
  String system() {
    String[] command = {"nix", "eval", "--impure", "--raw", "--expr", "builtins.currentSystem"};
    return run(checkout, command).ok().out();
  }
}
