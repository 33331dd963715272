package dev.strata.cli.template;

import dev.strata.cli.terminal.JsonText;
import dev.strata.io.InvalidInputException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The value of {@code --format} as Skopeo takes it: a template, or {@code json}. Immutable and
 * thread-safe.
 *
 * @param text the value
 */
public record OutputFormat(String text) {
  /** Everything as JSON. */
  public static final String JSON = "json";

  private static final Pattern IS_JSON = Pattern.compile("\\s*(json|\\{\\{\\s*json\\.?\\s*}})\\s*");
  private static final Pattern HAS_RANGE =
      Pattern.compile("(?s)\\{\\{\\s*range\\s*\\.\\s*}}.*\\{\\{\\s*end\\s*-?\\s*}}");
  private static final String TABLE = "table ";

  /**
   * Formats a value.
   *
   * @return the text, with a line end
   * @throws InvalidInputException if the template cannot be used
   */
  public String apply(GoStruct value) {
    if (text.isEmpty() || IS_JSON.matcher(text).matches()) {
      return JsonText.spaced(GoFormat.json(value)) + "\n";
    }
    if (text.startsWith(TABLE)) {
      throw new InvalidInputException(
          "cannot read the template: tables are not supported; write it without 'table'");
    }
    // The dot of the template is a list with the value, and a template without a loop gets one.
    return template().apply(GoList.of(List.of(value)));
  }

  private GoTemplate template() {
    // As in Docker and Skopeo, escapes outside of actions count, unless that breaks the template.
    String lines = text.replace("\\t", "\t").replace("\\n", "\n");
    lines = lines.endsWith("\n") ? lines : lines + "\n";
    try {
      GoTemplate.parse(lines);
    } catch (InvalidInputException _) {
      GoTemplate.parse(text);
      lines = text;
    }
    return GoTemplate.parse(
        HAS_RANGE.matcher(lines).find() ? lines : "{{range .}}" + lines + "{{end -}}");
  }
}
