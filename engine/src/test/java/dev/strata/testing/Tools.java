package dev.strata.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** External programs that tests require. */
public final class Tools {
  private Tools() {}

  /**
   * Continues only if programs are installed. Otherwise skips the test, or fails if {@code
   * -Dstrata.requireTools=true} is set, as in CI.
   */
  public static void require(String... programs) {
    for (String program : programs) {
      require(isThere(program), "requires the program '" + program + "'; install it");
    }
  }

  /** Continues only if a condition holds, like {@link #require(String...)}. */
  public static void require(boolean condition, String need) {
    if (!condition && Boolean.getBoolean("strata.requireTools")) {
      fail(need);
    }
    assumeTrue(condition, need);
  }

  /** Returns whether a program is on the path. */
  public static boolean isThere(String program) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, program))) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether the tests run as root. */
  public static boolean isRoot() {
    return System.getProperty("user.name", "").equals("root");
  }

  /** Runs a program in the C locale; fails if it fails. */
  public static void run(String... command) {
    try {
      Process process = process(command).redirectErrorStream(true).start();
      String printed = read(process.getInputStream());
      int exit = process.waitFor();
      assertEquals(0, exit, () -> String.join(" ", command) + ": " + printed);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Prepares a program to run in the C locale. */
  public static ProcessBuilder process(String... command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("LC_ALL", "C");
    builder.environment().put("TZ", "UTC");
    return builder;
  }

  /**
   * Prepares a JVM with the class path of this one and the flags that the engine needs.
   *
   * @param mainClass the class to run
   * @param options further flags
   */
  public static List<String> java(Class<?> mainClass, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-XX:+UseSerialGC");
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(List.of(options));
    command.add("-cp");
    command.add(classPath());
    command.add(mainClass.getName());
    return command;
  }

  /**
   * Returns the class path of the tests; Surefire may use a jar whose manifest lists it, and
   * JUnit's own launcher has a class loader for it.
   */
  private static String classPath() {
    if (Tools.class.getClassLoader() instanceof URLClassLoader loader) {
      return Arrays.stream(loader.getURLs())
          .map(url -> url.getPath())
          .collect(Collectors.joining(File.pathSeparator));
    }
    String ofSurefire = System.getProperty("surefire.test.class.path");
    return ofSurefire != null ? ofSurefire : System.getProperty("java.class.path", "");
  }

  /** Reads the output of a program as Latin-1. */
  public static String read(InputStream printed) throws IOException {
    return new String(printed.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** Returns whether the system is Linux. */
  public static boolean isLinux() {
    return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).equals("linux");
  }
}
