package dev.strata.internal.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request for authentication in a {@code WWW-Authenticate} header (RFC 9110, 11.6.1).
 *
 * @param scheme the scheme in lower case, such as {@code bearer}
 * @param parameters the parameters by their names in lower case
 */
record Challenge(String scheme, Map<String, String> parameters) {
  /** Parses a header, which may contain several challenges. */
  static List<Challenge> parse(String header) {
    List<Challenge> found = new ArrayList<>();
    Cursor in = new Cursor(header);
    Challenge current = null;
    while (in.skipBlanks()) {
      String word = in.token();
      if (word.isEmpty()) {
        in.at++;
        continue;
      }
      if (in.takeEquals() && current != null) {
        current.parameters.put(word.toLowerCase(Locale.ROOT), in.value());
      } else {
        current = new Challenge(word.toLowerCase(Locale.ROOT), new TreeMap<>());
        found.add(current);
      }
    }
    return found;
  }

  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }

  private static final class Cursor {
    private final String text;
    private int at;

    Cursor(String text) {
      this.text = text;
    }

    boolean skipBlanks() {
      skip(" \t,");
      return at < text.length();
    }

    private void skip(String characters) {
      while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    String token() {
      int start = at;
      while (at < text.length() && " \t,=\"".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(start, at);
    }

    boolean take(char c) {
      boolean here = at < text.length() && text.charAt(at) == c;
      at += here ? 1 : 0;
      return here;
    }

    /** Takes an equals sign, with blanks around it. */
    boolean takeEquals() {
      int start = at;
      skip(" \t");
      if (take('=')) {
        skip(" \t");
        return true;
      }
      at = start;
      return false;
    }

    String value() {
      if (!take('"')) {
        int start = at;
        while (at < text.length() && " \t,\"".indexOf(text.charAt(at)) < 0) {
          at++;
        }
        return text.substring(start, at);
      }
      StringBuilder out = new StringBuilder();
      while (at < text.length() && text.charAt(at) != '"') {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
          at++;
        }
        out.append(text.charAt(at++));
      }
      at++;
      return out.toString();
    }
  }
}
