package dev.strata.bench.results;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The machine that figures were measured on, without its name and address. Immutable and
 * thread-safe.
 *
 * @param cpu the model of the processor
 * @param cores the number of cores available to this process
 * @param memoryBytes the amount of memory in bytes; 0 if unknown
 * @param kernel the name and release of the kernel
 * @param jvm the JVM that runs the benchmarks; Strata's launcher selects its own by the same rules
 */
public record Machine(String cpu, int cores, long memoryBytes, String kernel, String jvm) {
  /**
   * Returns this machine.
   *
   * @return its properties; {@code unknown} for unknown ones
   */
  public static Machine here() {
    return new Machine(
        valueOf(Path.of("/proc/cpuinfo"), "model name"),
        Runtime.getRuntime().availableProcessors(),
        memory(valueOf(Path.of("/proc/meminfo"), "MemTotal")),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
  }

  private static String valueOf(Path file, String key) {
    try {
      // These files are ASCII, and have no size.
      List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
      for (String line : lines) {
        int colon = line.indexOf(':');
        if (colon > 0 && line.substring(0, colon).strip().equals(key)) {
          return line.substring(colon + 1).strip();
        }
      }
    } catch (IOException _) {
      // Not on Linux.
    }
    return "unknown";
  }

  private static long memory(String value) {
    String[] words = value.split(" ", -1);
    try {
      return words.length == 2 ? Long.parseLong(words[0]) << 10 : 0;
    } catch (NumberFormatException _) {
      return 0;
    }
  }

  /**
   * Describes the machine in one line.
   *
   * @return such as {@code AMD EPYC, 2 cores, 24 GB, Linux 6.1}
   */
  public String describe() {
    return String.format(
        Locale.ROOT,
        "%s, %d %s, %.0f GB, %s, %s",
        cpu,
        cores,
        cores == 1 ? "core" : "cores",
        memoryBytes / 1e9,
        kernel,
        jvm);
  }
}
