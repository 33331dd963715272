package dev.strata.internal.http;

import dev.strata.internal.json.JsonInput;
import dev.strata.io.StrataException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what a registry says of an error (distribution specification, "Error Codes"). Stateless.
 */
public final class ServerError {
  private ServerError() {}

  /** The server's words in brackets, with a blank before; empty if it said nothing readable. */
  public static String text(byte[] body, Secrets secrets) {
    String text = secrets.scrub(String.join("; ", lines(body)));
    return text.isEmpty() ? "" : " (" + text + ")";
  }

  /** Whether the server gave a certain error code. */
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
      // Not JSON: some proxy's page.
      lines.clear();
    }
    return lines;
  }

  private static String line(JsonInput in) {
    String[] words = {"", ""};
    in.object(
        "an error",
        (key, value) -> {
          switch (key) {
            case "code" -> words[0] = value.string("");
            case "message" -> words[1] = value.string("");
            default -> value.skip();
          }
        });
    return words[0] + (words[1].isEmpty() ? "" : ": " + words[1]);
  }
}
