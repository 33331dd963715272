package dev.strata.cli;

import dev.strata.io.FileNames;
import dev.strata.io.HostPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The arguments as bytes: under {@code LC_ALL=C} the JVM loses every byte that is not ASCII, but
 * Linux keeps them in {@code /proc/self/cmdline}. On macOS, file names are UTF-8, and the JVM
 * decodes arguments so in every locale.
 */
final class RawArguments {
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

  private RawArguments() {}

  static String[] of(String[] decoded) {
    boolean ascii = true;
    for (String arg : decoded) {
      ascii &= arg.chars().allMatch(c -> c < 0x80);
    }
    if (ascii || !HostPlatform.isLinux()) {
      return decoded;
    }
    try {
      List<String> all = split(Files.readAllBytes(COMMAND_LINE));
      return all.subList(all.size() - decoded.length, all.size()).toArray(String[]::new);
    } catch (IOException | IndexOutOfBoundsException _) {
      return decoded;
    }
  }

  private static List<String> split(byte[] commandLine) {
    List<String> out = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < commandLine.length; i++) {
      if (commandLine[i] == 0) {
        out.add(FileNames.decode(commandLine, start, i - start));
        start = i + 1;
      }
    }
    return out;
  }
}
