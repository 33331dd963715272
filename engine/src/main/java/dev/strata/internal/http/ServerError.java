package dev.strata.internal.http;

import dev.strata.internal.json.JsonInput;
import dev.strata.io.StrataException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the error messages of registries (distribution specification, "Error Codes"). Stateless.
 */
public final class ServerError {
  private ServerError() {}

  /**
   * Returns the server's message in parentheses after a blank; an empty text if there is no
   * readable one.
   */
  public static String text(byte[] body, Secrets secrets) {
    String text = secrets.scrub(String.join("; ", lines(body)));
    return text.isEmpty() ? "" : " (" + text + ")";
  }

  /** Returns whether an answer contains an error code that begins with a text. */
  public static boolean hasCode(byte[] body, String code) {
    return lines(body).stream().anyMatch(l -> l.startsWith(code));
  }

  private static List<String> lines(byte[] body) {
    List<String> lines = new ArrayList<>();
    try {
      JsonInput.parse(
          "the answer",
          body,
          in -> {
            in.object(
                "errors",
                (key, value) -> {
                  switch (key) {
                    case "errors" -> value.list("errors", e -> lines.add(line(e)));
                    case "details", "error", "message" -> lines.add(value.string(""));
                    default -> value.skip();
                  }
                });
            return lines;
          });
    } catch (StrataException _) {
      // Not JSON; perhaps an HTML page of a proxy.
      lines.clear();
    }
    return lines;
  }

  private static String line(JsonInput in) {
    class Fields {
      String code = "";
      String message = "";
    }
    Fields f = new Fields();
    in.object(
        "an error",
        (key, value) -> {
          switch (key) {
            case "code" -> f.code = value.string("");
            case "message" -> f.message = value.string("");
            default -> value.skip();
          }
        });
    return f.code + (f.message.isEmpty() ? "" : ": " + f.message);
  }
}
