package dev.strata.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The ways in which the engine reads files, hashes them and writes to slabs, to run tests with each
 * combination: such as {@code nio} or {@code native jdk agrona}.
 */
public final class FileModes {
  private static final List<String> PROPERTIES =
      List.of("strata.files", "strata.hash", "strata.slabs");

  private FileModes() {}

  /** Returns all combinations that this JVM permits: with Agrona's buffers, if it exports them. */
  public static List<String> all() {
    boolean agrona =
        Object.class.getModule().isExported("jdk.internal.misc", FileModes.class.getModule());
    List<String> all = new ArrayList<>();
    for (String files : List.of("nio", "native")) {
      for (String hash : List.of("jdk", "libcrypto")) {
        for (String slabs : agrona ? List.of("buffer", "agrona") : List.of("buffer")) {
          all.add(files + " " + hash + " " + slabs);
        }
      }
    }
    return all;
  }

  /** Runs an action that reads files in the given way; what it does not name is chosen as usual. */
  public static <T> T with(String way, Supplier<T> action) {
    List<String> before = current();
    set(List.of(way.split(" ")));
    try {
      return action.get();
    } finally {
      set(before);
    }
  }

  /** Returns the options for a JVM that reads files in the given way. */
  public static List<String> options(String way) {
    List<String> options = new ArrayList<>();
    List<String> values = List.of(way.split(" "));
    for (int i = 0; i < values.size(); i++) {
      options.add("-D" + PROPERTIES.get(i) + "=" + values.get(i));
    }
    if (values.contains("agrona")) {
      options.add("--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED");
    }
    return options;
  }

  static List<String> current() {
    return PROPERTIES.stream().map(p -> System.getProperty(p, "auto")).toList();
  }

  static void set(List<String> values) {
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i).equals("auto")) {
        System.clearProperty(PROPERTIES.get(i));
      } else {
        System.setProperty(PROPERTIES.get(i), values.get(i));
      }
    }
  }
}
