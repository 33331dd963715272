package dev.strata.explain.sbom;

import dev.strata.explain.sbom.Content.Unreadable;
import dev.strata.explain.sbom.Found.Kind;
import dev.strata.internal.json.JsonInput;
import dev.strata.io.InvalidInputException;
import java.util.List;
import java.util.Locale;

/**
 * Reads the files in which Python and Node.js record installed packages. Stateless.
 *
 * <p>Sources: Python's core metadata specifications, and package.json of npm's documentation.
 */
final class LanguagePackages {
  private LanguagePackages() {}

  /** Reads {@code METADATA} or {@code PKG-INFO}: fields, up to the first empty line. */
  static List<Found> python(byte[] text, String location) throws Unreadable {
    Fields fields = new Fields();
    for (String line : TextContent.lines(text)) {
      if (line.isBlank() && !fields.isEmpty()) {
        break;
      }
      fields.add(line);
    }
    if (fields.get("name").isEmpty()) {
      throw new Unreadable("it does not name a Python package");
    }
    // The definition of the type pypi normalizes names so.
    String name = fields.get("name").toLowerCase(Locale.ROOT).replace('_', '-');
    return List.of(Found.of(Kind.PYTHON, "", name, fields.get("version"), location));
  }

  /** Reads {@code package.json}. One without a name or a version is not that of a package. */
  static List<Found> node(byte[] text, String location) throws Unreadable {
    String[] values = {"", ""};
    try {
      JsonInput.parse(
          "package.json",
          text,
          in -> {
            in.object(
                "a package",
                (_, value) -> {
                  String key = value.exactKey();
                  if (key.equals("name") && value.isString()) {
                    values[0] = value.string("");
                  } else if (key.equals("version") && value.isString()) {
                    values[1] = value.string("");
                  } else {
                    value.skip();
                  }
                });
            return values;
          });
    } catch (InvalidInputException _) {
      throw new Unreadable("it is not a JSON object");
    }
    if (values[0].isEmpty() || values[1].isEmpty()) {
      return List.of();
    }
    int slash = values[0].indexOf('/');
    String scope = slash < 0 ? "" : values[0].substring(0, slash);
    String name = values[0].substring(slash + 1);
    return List.of(Found.of(Kind.NODE, scope, name, values[1], location));
  }
}
