package dev.strata.cli.nix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The Nix of this machine, on {@code nix/tests/cases.nix}. */
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
  }

  /** What a program said. */
  record Result(int exitCode, String out, String err) {
    /** Fails the test if the program did. */
    Result ok() {
      assertEquals(0, exitCode, () -> out + err);
      return this;
    }
  }

  /** Finds Nix and what the package set is made from; without it the test is skipped. */
  static Nix require() {
    requireTools(NEEDED.toArray(String[]::new));
    require(
        Files.isExecutable(Path.of("/bin/busybox")), "needs /bin/busybox: install busybox-static");
    require(
        "root".equals(System.getProperty("user.name")), "needs root, to build without a daemon");
    require(Files.exists(MARK), "needs a Nix store for tests: run nix/tests/setup-nix.sh");
    return new Nix();
  }

  /** Goes on only if programs are there. */
  static void requireTools(String... programs) {
    for (String program : programs) {
      require(isThere(program), "needs the program '" + program + "': install it");
    }
  }

  private static void require(boolean condition, String need) {
    if (!condition && Boolean.getBoolean("strata.requireTools")) {
      fail(need);
    }
    assumeTrue(condition, need);
  }

  private static boolean isThere(String program) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
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
    Result result = tryBuild(attribute);
    assertNotEquals(0, result.exitCode(), () -> attribute + " was built: " + result.out());
    return result.err();
  }

  /** Builds cases, or not. */
  Result tryBuild(String... attributes) {
    List<String> command = command("nix-build", "--no-out-link");
    for (String attribute : attributes) {
      command.addAll(List.of("-A", attribute));
    }
    return run(Map.of(), command);
  }

  /** Evaluates a case to JSON; Nix's warnings come in {@code err}. */
  Result evaluate(String attribute) {
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
  private static List<String> prepared() {
    // The script prints what to export.
    String run = "eval \"$(\"$1\")\" && shift && exec \"$@\"";
    String script = root().resolve("nix/tests/setup-nix.sh").toString();
    return new ArrayList<>(List.of("bash", "-c", run, "bash", script));
  }

  /** Runs one of Nix's programs with more in its environment. */
  static Result nix(Map<String, String> environment, String... command) {
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
  static Result run(String... command) {
    return run(Map.of(), List.of(command));
  }

  /** Runs a program with more in its environment. */
  static Result run(Map<String, String> environment, List<String> command) {
    try {
      Path out = Files.createTempFile("strata-nix-out", ".txt");
      Path err = Files.createTempFile("strata-nix-err", ".txt");
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().putAll(environment);
      builder.redirectInput(Path.of("/dev/null").toFile());
      builder.redirectOutput(out.toFile()).redirectError(err.toFile());
      Process process = builder.start();
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        fail(command + " took more than " + LIMIT_SECONDS + " s: " + Files.readString(err));
      }
      Result result = new Result(process.exitValue(), read(out), read(err));
      Files.delete(out);
      Files.delete(err);
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
