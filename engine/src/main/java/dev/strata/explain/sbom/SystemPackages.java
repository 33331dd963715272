package dev.strata.explain.sbom;

import dev.strata.explain.sbom.Found.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the files in which distributions record themselves and their packages. Stateless.
 *
 * <p>Sources: deb-control(5) and dpkg(1) for Debian, apk-v2(5) for Alpine, os-release(5).
 */
final class SystemPackages {
  private static final Pattern SOURCE = Pattern.compile("(\\S+)(?: \\((\\S+)\\))?");

  private SystemPackages() {}

  /** Reads dpkg's status file. A file of {@code status.d} has one package, without a status. */
  static List<Found> dpkg(byte[] text, String location) {
    List<Found> found = new ArrayList<>();
    Fields fields = new Fields();
    for (String line : TextContent.lines(text)) {
      if (line.isBlank()) {
        addDeb(fields, location, found);
        fields.clear();
      } else {
        fields.add(line);
      }
    }
    addDeb(fields, location, found);
    return found;
  }

  private static void addDeb(Fields fields, String location, List<Found> found) {
    String name = fields.get("package");
    String status = fields.get("status");
    if (name.isEmpty() || !status.isEmpty() && !status.endsWith(" installed")) {
      return;
    }
    Map<String, String> qualifiers = new HashMap<>();
    qualifiers.put("arch", fields.get("architecture"));
    Matcher source = SOURCE.matcher(fields.get("source"));
    if (source.matches()) {
      String version = source.group(2);
      qualifiers.put("upstream", source.group(1) + (version == null ? "" : "@" + version));
    }
    found.add(new Found(Kind.DEB, "", name, fields.get("version"), qualifiers, location, null));
  }

  /** Reads the database of apk. Its keys are single letters, in which case matters. */
  static List<Found> apk(byte[] text, String location) {
    List<Found> found = new ArrayList<>();
    Map<String, String> fields = new HashMap<>();
    for (String line : TextContent.lines(text)) {
      if (line.isBlank()) {
        addApk(fields, location, found);
        fields.clear();
      } else if (line.length() > 2 && line.charAt(1) == ':') {
        fields.putIfAbsent(line.substring(0, 1), line.substring(2));
      }
    }
    addApk(fields, location, found);
    return found;
  }

  private static void addApk(Map<String, String> fields, String location, List<Found> found) {
    String name = fields.getOrDefault("P", "");
    if (!name.isEmpty()) {
      Map<String, String> qualifiers = new HashMap<>();
      qualifiers.put("arch", fields.getOrDefault("A", ""));
      String origin = fields.getOrDefault("o", "");
      qualifiers.put("upstream", origin.equals(name) ? "" : origin);
      String version = fields.getOrDefault("V", "");
      found.add(new Found(Kind.APK, "", name, version, qualifiers, location, null));
    }
  }

  /** Reads os-release, an assignment of the shell in each line. */
  static List<Found> osRelease(byte[] text, String location) {
    Map<String, String> values = new HashMap<>();
    for (String line : TextContent.lines(text)) {
      int equals = line.indexOf('=');
      if (equals > 0 && line.charAt(0) != '#') {
        values.put(line.substring(0, equals), unquote(line.substring(equals + 1).strip()));
      }
    }
    String id = values.getOrDefault("ID", "linux");
    String version = values.getOrDefault("VERSION_ID", values.getOrDefault("BUILD_ID", ""));
    String title = values.getOrDefault("PRETTY_NAME", "");
    return values.isEmpty()
        ? List.of()
        : List.of(
            new Found(Kind.DISTRIBUTION, "", id, version, Map.of("title", title), location, null));
  }

  private static String unquote(String value) {
    if (value.length() >= 2
        && (value.charAt(0) == '"' || value.charAt(0) == '\'')
        && value.charAt(value.length() - 1) == value.charAt(0)) {
      return value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1");
    }
    return value;
  }
}
