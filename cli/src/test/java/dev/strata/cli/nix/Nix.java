package dev.strata.cli.nix;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.strata.testing.Tools;
import dev.strata.transport.Programs;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The Nix of this machine, on {@code nix/tests/cases.nix}. With the system property {@code
 * strata.nix.platform=darwin}, Strata behaves there as on macOS.
 */
final class Nix {
  private static final long LIMIT_SECONDS = 900;
  private static final List<String> NEEDED =
      List.of("nix-build", "jq", "patchelf", "shellcheck", "skopeo", "sqlite3", "tar");

  /** The tests leave a store alone that is not theirs. */
  private static final Path MARK = Path.of("/nix/var/strata-tests");

  private final Map<String, String> arguments = new TreeMap<>();

  private Nix() {
    String home = System.getProperty("strata.home", "target/strata");
    arguments.put("dist", Path.of(home).toAbsolutePath().toString());
    arguments.put("javaHome", System.getProperty("java.home", ""));
    String platform = System.getProperty("strata.nix.platform", "");
    if (!platform.isEmpty()) {
      arguments.put("platform", platform);
    }
  }

  /** Finds Nix and what the package set is made from; without it the test is skipped. */
  static Nix require() {
    Tools.require(NEEDED.toArray(String[]::new));
    Tools.require(
        Files.isExecutable(Path.of("/bin/busybox")), "needs /bin/busybox: install busybox-static");
    Tools.require(
        "root".equals(System.getProperty("user.name")), "needs root, to build without a daemon");
    Tools.require(Files.exists(MARK), "needs a Nix store for tests: run nix/tests/setup-nix.sh");
    return new Nix();
  }

  /** The same Nix with one more argument of the cases. */
  Nix with(String name, String value) {
    Nix changed = new Nix();
    changed.arguments.putAll(arguments);
    changed.arguments.put(name, value);
    return changed;
  }

  /** Builds cases, at once, and gives their store paths in the same order. */
  List<Path> build(String... attributes) {
    return tryBuild(attributes).ok().out().lines().map(Path::of).toList();
  }

  /** Builds one case. */
  Path buildOne(String attribute) {
    return build(attribute).getFirst();
  }

  /** What Nix says to a case that can't be built. */
  String failure(String attribute) {
    Programs.Result result = tryBuild(attribute);
    assertNotEquals(0, result.exitCode(), () -> attribute + " was built: " + result.out());
    return result.err();
  }

  /** Builds cases, or not. */
  Programs.Result tryBuild(String... attributes) {
    List<String> command = command("nix-build", "--no-out-link");
    for (String attribute : attributes) {
      command.addAll(List.of("-A", attribute));
    }
    return run(Map.of(), command);
  }

  /** Builds a case on other machines. */
  Programs.Result buildOn(Builders builders, String attribute) {
    List<String> command = command("nix-build", "--no-out-link", "-A", attribute);
    command.addAll(List.of("--max-jobs", "0", "--builders", builders.machines()));
    return builders.run(command).ok();
  }

  /** Evaluates a case to a derivation, or not. */
  Programs.Result instantiate(String attribute) {
    List<String> command = command("nix-instantiate");
    command.addAll(List.of("-A", attribute));
    return run(Map.of(), command);
  }

  /** Evaluates a case to JSON; Nix's warnings come in {@code err}. */
  Programs.Result evaluate(String attribute) {
    List<String> command = command("nix-instantiate", "--eval", "--strict", "--json");
    command.addAll(List.of("-A", attribute));
    return run(Map.of(), command).ok();
  }

  /** Evaluates a case to a text. */
  String text(String attribute) {
    return evaluate(attribute).out().strip().replace("\"", "");
  }

  private List<String> command(String... start) {
    List<String> command = prepared();
    command.addAll(List.of(start));
    command.add(root().resolve("nix/tests/cases.nix").toString());
    arguments.forEach((name, value) -> command.addAll(List.of("--argstr", name, value)));
    return command;
  }

  /** The start of a command line that runs a command with the variables Nix needs. */
  static List<String> prepared() {
    // The script prints what to export.
    String run = "eval \"$(\"$1\")\" && shift && exec \"$@\"";
    String script = root().resolve("nix/tests/setup-nix.sh").toString();
    return new ArrayList<>(List.of("bash", "-c", run, "bash", script));
  }

  /** Runs one of Nix's programs with more in its environment. */
  static Programs.Result nix(Map<String, String> environment, String... command) {
    List<String> all = prepared();
    all.addAll(List.of(command));
    return run(environment, all);
  }

  /** The checkout. */
  static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("nix/tests/cases.nix"))
        ? here
        : here.resolve("..").normalize();
  }

  /** What jq makes of a file: values one a line, texts without quotes, others compact. */
  static String jq(Path json, String filter) {
    return run("jq", "-rc", filter, json.toString()).ok().out().strip();
  }

  /** The digest of a file, in hexadecimal. */
  static String sha256(Path file) {
    return run("sha256sum", file.toString()).ok().out().split(" ", 2)[0];
  }

  /** Runs a program. */
  static Programs.Result run(String... command) {
    return run(Map.of(), List.of(command));
  }

  /** Runs a program with more variables in its environment. */
  static Programs.Result run(Map<String, String> environment, List<String> command) {
    return Programs.run(
        LIMIT_SECONDS,
        Path.of("").toAbsolutePath(),
        environment,
        ProcessBuilder.Redirect.from(new File("/dev/null")),
        command.toArray(String[]::new));
  }
}
