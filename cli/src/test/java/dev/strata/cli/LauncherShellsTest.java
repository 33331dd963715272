package dev.strata.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The launcher in several shells, with a {@code PATH} that has nothing but a readlink without
 * options, as on macOS, and with the folders of JDKs below another root.
 */
final class LauncherShellsTest {
  /** A JDK whose java prints how it was called. */
  private static final String JAVA = "#!/bin/sh\nprintf '%s\\n' \"$0\" \"$@\"\n";

  private static final String READLINK =
      """
      #!/bin/sh
      case $1 in
        -*) echo "readlink: illegal option -- ${1#-}" >&2; exit 1 ;;
      esac
      exec %s "$1"
      """;

  @TempDir private Path root = Path.of("");

  static Stream<List<String>> shells() {
    return Stream.of(
        List.of("dash"), List.of("bash", "--posix"), List.of("bash"), List.of("busybox", "sh"));
  }

  @BeforeEach
  void prepare() throws IOException {
    script("path/readlink", READLINK.formatted(program("readlink")));
    String launcher = Files.readString(Path.of("src/main/dist/bin/strata"));
    for (String folder : List.of("/usr/lib/jvm", "/opt/", " /Library", "/usr/local/opt")) {
      assertTrue(launcher.contains(folder), folder);
    }
    script(
        "strata/bin/strata",
        launcher.replaceAll(
            "(?m)(^ +| in | )(/usr/lib/jvm|/opt/|/Library|/usr/local)", "$1" + root + "$2"));
    Files.createDirectory(root.resolve("strata/lib"));
  }

  private static String program(String name) {
    for (String folder : System.getenv("PATH").split(":", -1)) {
      Path file = Path.of(folder, name);
      if (Files.isExecutable(file)) {
        return file.toString();
      }
    }
    assumeTrue(Boolean.getBoolean("strata.requireTools"), name + " is missing");
    throw new AssertionError(name + " is missing");
  }

  private Path script(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(root.resolve(name.substring(0, name.lastIndexOf('/'))));
    Files.writeString(file, text);
    assertTrue(file.toFile().setExecutable(true));
    return file;
  }

  private String jdk(String folder, int version) throws IOException {
    Path java = script(folder + "/bin/java", JAVA);
    Files.writeString(root.resolve(folder + "/release"), "JAVA_VERSION=\"" + version + ".0.1\"\n");
    return java.toString();
  }

  private List<String> run(List<String> shell, Map<String, String> environment, String program)
      throws IOException, InterruptedException {
    return run(shell, environment, program, List.of("build", "a b"));
  }

  private List<String> run(
      List<String> shell, Map<String, String> environment, String program, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(shell);
    command.set(0, program(shell.getFirst()));
    command.add(program);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(root.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", root.resolve("path").toString());
    builder.environment().put("HOME", root.resolve("home").toString());
    builder.environment().putAll(environment);
    Outcome outcome = PackedProgram.finish(builder).succeeds();
    assertEquals("", outcome.err());
    return outcome.out().lines().toList();
  }

  private List<String> run(List<String> shell) throws IOException, InterruptedException {
    return run(shell, Map.of(), "strata/bin/strata");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void findsTheJdksOfMacOs(List<String> shell) throws IOException, InterruptedException {
    String brewed = jdk("usr/local/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home", 25);
    assertEquals(brewed, run(shell).getFirst());
    String newer = jdk("opt/homebrew/opt/openjdk/libexec/openjdk.jdk/Contents/Home", 26);
    assertEquals(newer, run(shell).getFirst());
    jdk("Library/Java/JavaVirtualMachines/temurin-21.jdk/Contents/Home", 21);
    assertEquals(newer, run(shell).getFirst());
    String installed = jdk("Library/Java/JavaVirtualMachines/temurin-25.jdk/Contents/Home", 25);
    assertEquals(installed, run(shell).getFirst());
    String own = jdk("home/Library/Java/JavaVirtualMachines/openjdk-25/Contents/Home", 25);
    assertEquals(own, run(shell).getFirst());
  }

  @ParameterizedTest
  @MethodSource("shells")
  void followsTheLinksOfJava(List<String> shell) throws IOException, InterruptedException {
    jdk("Library/Java/JavaVirtualMachines/temurin-25.jdk/Contents/Home", 25);
    jdk("cellar/libexec/openjdk.jdk/Contents/Home", 25);
    Files.createDirectory(root.resolve("cellar/bin"));
    Files.createSymbolicLink(
        root.resolve("cellar/bin/java"), Path.of("../libexec/openjdk.jdk/Contents/Home/bin/java"));
    Files.createSymbolicLink(root.resolve("path/java"), Path.of("../cellar/bin/java"));

    assertTrue(run(shell).getFirst().contains("/cellar/"));
  }

  @ParameterizedTest
  @MethodSource("shells")
  void doesNotRunTheJavaThatMacOsHasWithoutAJdk(List<String> shell)
      throws IOException, InterruptedException {
    script("path/java", "#!/bin/sh\necho 'Unable to locate a Java Runtime.' >&2\nexit 1\n");
    String installed = jdk("Library/Java/JavaVirtualMachines/temurin-25.jdk/Contents/Home", 25);

    assertEquals(installed, run(shell).getFirst());
  }

  @ParameterizedTest
  @MethodSource("shells")
  void choosesFlagsByTheWorkToDo(List<String> shell) throws IOException, InterruptedException {
    jdk("opt/jdk", 25);
    script("strata/lib/libcrypto.so.3", "");
    String withoutC2 = "-XX:TieredStopAtLevel=1";
    String early = "-XX:Tier3InvocationThreshold=50";

    for (String arguments :
        List.of(
            "build a", "layers-from-reproducible-storepaths b c", "image a b c --from-image d")) {
      List<String> flags = flags(shell, arguments);
      assertTrue(flags.contains(withoutC2), flags::toString);
      assertFalse(flags.contains(early), flags::toString);
    }
    for (String arguments :
        List.of(
            "copy a b",
            "build --list a --to b",
            "build --from oci:a",
            "build --from=a",
            "build --from-image a",
            "help")) {
      List<String> flags = flags(shell, arguments);
      assertFalse(flags.contains(withoutC2), flags::toString);
      assertFalse(flags.contains(early), flags::toString);
    }
    for (String arguments : List.of("copy --list a", "copy --quiet --list=a")) {
      List<String> flags = flags(shell, arguments);
      assertFalse(flags.contains(withoutC2), flags::toString);
      assertTrue(flags.contains(early), flags::toString);
    }
  }

  @ParameterizedTest
  @MethodSource("shells")
  void choosesTheCacheByTheWorkToDo(List<String> shell) throws IOException, InterruptedException {
    jdk("opt/jdk", 25);
    script("strata/lib/strata.aot", "cache");
    script("strata/lib/strata-move.aot", "cache");
    String cache = "-XX:AOTCache=strata/lib/strata";

    for (String arguments : List.of("build --add a:/b -o c", "layers-from-dir a", "help copy")) {
      List<String> flags = flags(shell, arguments);
      assertTrue(flags.contains(cache + ".aot"), flags::toString);
    }
    for (String arguments :
        List.of("copy a b", "pull a", "build a --to b", "build --to=b", "list-tags docker://a")) {
      List<String> flags = flags(shell, arguments);
      assertTrue(flags.contains(cache + "-move.aot"), flags::toString);
    }
  }

  private List<String> flags(List<String> shell, String arguments)
      throws IOException, InterruptedException {
    return run(shell, Map.of(), "strata/bin/strata", List.of(arguments.split(" ")));
  }

  @ParameterizedTest
  @MethodSource("shells")
  void passesArgumentsThroughLinks(List<String> shell) throws IOException, InterruptedException {
    jdk("opt/jdk", 25);
    Files.createSymbolicLink(root.resolve("second"), Path.of("strata/bin/strata"));
    Files.createSymbolicLink(root.resolve("first"), Path.of("second"));

    List<String> called = run(shell, Map.of(), "first");
    assertEquals(List.of("build", "a b"), called.subList(called.size() - 2, called.size()));
    assertTrue(called.contains("strata/lib/strata-cli.jar"), called::toString);
  }

  @ParameterizedTest
  @MethodSource("shells")
  void temporaryFilesAreInTmpdirOnMacOs(List<String> shell)
      throws IOException, InterruptedException {
    jdk("opt/jdk", 25);
    String option = "-Djava.io.tmpdir=/tmp/with a blank";

    Map<String, String> darwin = Map.of("OSTYPE", "darwin23", "TMPDIR", "/tmp/with a blank");
    assertTrue(run(shell, darwin, "strata/bin/strata").contains(option));
    Map<String, String> linux = Map.of("TMPDIR", "/tmp/with a blank");
    assertFalse(run(shell, linux, "strata/bin/strata").contains(option));
  }
}
