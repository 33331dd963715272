package dev.strata.oci;

import dev.strata.io.HostPlatform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The variant of its architecture that a machine can run: on Linux, from {@code /proc/cpuinfo}.
 * Stateless and thread-safe.
 */
final class CpuVariant {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /**
   * The flags of each level of x86-64 (System V ABI, AMD64 supplement, 3.1.1), as Linux calls them.
   */
  private static final List<Set<String>> AMD64_LEVELS =
      List.of(
          Set.of("cx16", "lahf_lm", "popcnt", "pni", "sse4_1", "sse4_2", "ssse3"),
          Set.of("abm", "avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "movbe", "xsave"),
          Set.of("avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"));

  private CpuVariant() {}

  /** Returns the variant of this machine; empty if it is unknown. */
  static String ofThisMachine() {
    String architecture = Platform.localArchitecture();
    if (architecture.equals("arm64")) {
      return "v8";
    }
    boolean described = architecture.equals("amd64") || architecture.equals("arm");
    if (!described || !HostPlatform.isLinux()) {
      return "";
    }
    try {
      return of(architecture, Files.readString(CPU_INFO, StandardCharsets.ISO_8859_1));
    } catch (IOException _) {
      return "";
    }
  }

  /** Returns the variant that the text of {@code /proc/cpuinfo} describes; empty for none. */
  static String of(String architecture, String cpuInfo) {
    return architecture.equals("arm") ? arm(cpuInfo) : amd64(cpuInfo);
  }

  private static String amd64(String cpuInfo) {
    Set<String> flags = Set.copyOf(List.of(value(cpuInfo, "flags").split("\\s+", -1)));
    int level = 1;
    for (Set<String> more : AMD64_LEVELS) {
      if (!flags.containsAll(more)) {
        break;
      }
      level++;
    }
    return flags.contains("lm") ? "v" + level : "";
  }

  private static String arm(String cpuInfo) {
    String architecture = value(cpuInfo, "cpu architecture");
    if (architecture.startsWith("7") || architecture.startsWith("?(1")) {
      // Linux reports 7 for the ARMv6 of the first Raspberry Pi.
      boolean v6 = value(cpuInfo, "model name").startsWith("armv6-compatible");
      return v6 ? "v6" : "v7";
    }
    if (architecture.startsWith("8") || architecture.equals("aarch64")) {
      return "v8";
    }
    return architecture.startsWith("6") ? "v6" : architecture.startsWith("5") ? "v5" : "";
  }

  /** Returns the first value of a field, in lower case. */
  private static String value(String cpuInfo, String field) {
    for (String line : cpuInfo.toLowerCase(Locale.ROOT).split("\n", -1)) {
      int colon = line.indexOf(':');
      if (colon >= 0 && line.substring(0, colon).strip().equals(field)) {
        return line.substring(colon + 1).strip();
      }
    }
    return "";
  }
}
