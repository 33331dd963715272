package dev.strata.explain.sbom;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Reads fields of the form {@code Name: value}, as in mail, in Debian's and in Python's files. */
final class Fields {
  private final Map<String, String> values = new HashMap<>();

  /** Adds a line. A line that continues the one before starts with a space, and is passed over. */
  void add(String line) {
    int colon = line.indexOf(':');
    if (colon > 0 && line.charAt(0) != ' ' && line.charAt(0) != '\t') {
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      values.putIfAbsent(name, line.substring(colon + 1).strip());
    }
  }

  /** Returns the value of a field, whose name is in lower case; empty if there is none. */
  String get(String name) {
    return values.getOrDefault(name, "");
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  void clear() {
    values.clear();
  }
}
