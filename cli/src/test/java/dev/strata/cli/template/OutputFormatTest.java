package dev.strata.cli.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.io.InvalidInputException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The values are those that Go prints; {@code SkopeoInspectIT} compares more of them. */
final class OutputFormatTest {
  private static final GoStruct IMAGE =
      new GoStruct.Builder()
          .optional("Name", "Name", "")
          .field("Digest", new GoDigest("sha256:ab"))
          .field("Created", GoTime.parse("2024-01-02T03:04:05.600Z"))
          .field("Labels", GoMap.of(Map.of("x", "1", "a.b", "<q>", "z", "")))
          .field("None", GoMap.NIL)
          .field("Os", "linux")
          .field("Layers", GoList.of(List.of("sha256:cd", "sha256:ef")))
          .field("Empty", GoList.of(List.of()))
          .field("Env", GoList.NIL)
          .field("Size", 42L)
          .build();

  private static String format(String template) {
    return new OutputFormat(template).apply(IMAGE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '¦',
      quoteCharacter = '~',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "{{.Digest}}¦sha256:ab",
        "{{.Name}}.¦.",
        "{{.Created}}¦2024-01-02 03:04:05.6 +0000 UTC",
        "{{.Created.Format \"2006-01-02T15:04:05Z07:00\"}} {{.Created.Unix}}¦"
            + "2024-01-02T03:04:05Z 1704164645",
        "{{.Labels}} {{.None}} {{.Layers}} {{.Env}}¦"
            + "map[a.b:<q> x:1 z:] map[] [sha256:cd sha256:ef] []",
        "{{.Labels.x}} {{index .Labels \"a.b\"}}¦1 <q>",
        "{{.Labels.nope}} [{{index .Labels \"nope\"}}]¦<no value> []",
        "{{json .Labels}} {{json .Env}} {{json .Created}}¦"
            + "{\"a.b\":\"<q>\",\"x\":\"1\",\"z\":\"\"} null \"2024-01-02T03:04:05.6Z\"",
        "{{split \",,a\" \",\"}}¦[  a]",
        "{{len .Layers}} {{len .Os}}¦2 5",
        "{{range .Layers}}{{.}},{{end}}¦sha256:cd,sha256:ef,",
        "{{range $i, $l := .Layers}}{{$i}}={{$l}};{{end}}¦0=sha256:cd;1=sha256:ef;",
        "{{range $k, $v := .Labels}}{{$k}}={{$v}};{{end}}¦a.b=<q>;x=1;z=;",
        "{{range .Empty}}x{{else}}none{{end}}¦none",
        "{{range .Layers}}{{if eq . \"sha256:ef\"}}{{break}}{{end}}{{.}}{{end}}¦sha256:cd",
        "{{if .None}}y{{else}}n{{end}}{{if .Os}}y{{end}}¦ny",
        "{{if eq .Os \"x\"}}1{{else if eq .Os \"y\" \"linux\"}}2{{else}}3{{end}}¦2",
        "{{with .Labels}}{{.x}}{{end}}{{with .None}}{{else}}-{{end}}¦1-",
        "{{$x := 1}}{{if true}}{{$x = 2}}{{end}}{{$x}}¦2",
        "a  {{- .Os -}}  b{{/* comment }} */}}¦alinuxb",
        "{{.Os | upper | printf \"%-8s|\"}}¦LINUX   |",
        "{{printf \"%s %d %05d %q %v %x %%\" .Os .Size .Size .Os true .Os}}¦"
            + "linux 42 00042 \"linux\" true 6c696e7578 %",
        "{{join .Layers \",\"}} {{split \"a,b\" \",\"}} {{title \"ab cd\"}}¦"
            + "sha256:cd,sha256:ef [a b] Ab Cd",
        "{{pad \"x\" 2 1}}. {{truncate \"abcdef\" 3}} {{lower \"AB\"}}¦  x . abc ab",
        "{{slice .Os 1 3}} {{slice .Layers 1}}¦in [sha256:ef]",
        "{{and 1 0}} {{or \"\" \"x\"}} {{not .Os}}¦0 x false",
        "{{lt 1 2}} {{ge \"b\" \"a\"}} {{ne .Os \"x\"}}¦true true true",
        "{{print 1 2 \"a\" \"b\" 3}}¦1 2ab3",
        "{{html \"<a>\"}} {{js \"a'b\"}} {{urlquery \"a b&\"}}¦&lt;a&gt; a\\'b a+b%26",
        "{{(index .Layers 0) | len}} {{0x10}} {{1.50}} {{'a'}}¦9 16 1.5 97",
        "{{.Digest.Algorithm}}:{{.Digest.Encoded}}¦sha256:ab",
        "{{range .}}{{.Os}}!\\n{{end}}¦linux!",
      })
  void printsWhatGoPrints(String template, String expected) {
    assertEquals(expected, format(template).stripTrailing());
  }

  @Test
  void escapesCountOutsideOfActionsUnlessThatBreaksTheTemplate() {
    assertEquals("a\tb\nlinux\n", format("a\\tb\\n{{.Os}}"));
    assertEquals("sha256:cd\nsha256:ef\n", format("{{range .Layers}}{{.}}{{\"\\n\"}}{{end}}"));
  }

  @Test
  void printsJsonAsGoDoes() {
    String json = format("json");
    assertTrue(
        json.startsWith("{\n    \"Digest\": \"sha256:ab\",\n    \"Created\": \"2024-"), json);
    assertTrue(json.contains("\"a.b\": \"\\u003cq\\u003e\""), json);
    assertTrue(json.contains("\"Env\": null,\n"), json);
    assertTrue(json.contains("\"Empty\": [],\n"), json);
    assertEquals(json, format(""));
    assertEquals(json, format("{{ json }}"));
    assertEquals("JSON\n", format("JSON"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '¦',
      quoteCharacter = '~',
      value = {
        "{{.Nope}}¦unknown field 'Nope'; the fields are Name, Digest",
        "{{.Os.x}}¦no field 'x' in a string",
        "{{$.Os}}¦no field 'Os' in a list",
        "{{.Labels.x.y}}¦no field 'y' in a string",
        "{{nofunc .Os}}¦unknown function 'nofunc' (supported are and, eq,",
        "{{upper .Layers}}¦'upper' requires a string, got a list",
        "{{upper}}¦'upper' takes 1 argument, got 0",
        "{{index .Layers 5}}¦the index 5 is out of range",
        "{{eq .Os 1}}¦'eq' cannot compare a string with a number",
        "{{len 1}}¦'len' requires a string, a list or a map, got a number",
        "{{range .Os}}{{end}}¦'range' requires a list or a map, got a string",
        "{{.Created.Weekday}}¦unsupported method 'Weekday' of a time",
        "{{printf \"%p\" .Os}}¦'printf' does not support %p",
        "{{printf \"%d\" .Os}}¦'printf' cannot print a string with %d",
        "{{printf \"%99999d\" 1}}¦pads to at most 1000",
        "{{define \"x\"}}{{end}}¦named templates are not supported: 'define'",
        "{{template \"x\"}}¦named templates are not supported: 'template'",
        "{{\"open}}¦unterminated quoted string in '{{\"open}}'",
        "{{.Os¦missing '}}' in '{{.Os'",
        "{{if .Os}}¦missing '{{end}}'",
        "{{if}}x{{end}}¦missing value in '{{if}}'",
        "{{end}}¦unexpected 'end' in '{{end}}'",
        "{{break}}¦'break' outside of a 'range'",
        "{{(.Os}}¦missing ')'",
        "{{.Os ? 1}}¦unexpected '?'",
        "{{$x}}¦undefined variable '$x'",
        "{{\"a\" \"b\"}}¦only a function can have arguments",
        "table {{.Os}}¦tables are not supported",
      })
  void refusesWhatItCannotDo(String template, String message) {
    String problem =
        String.valueOf(
            assertThrows(InvalidInputException.class, () -> format(template)).getMessage());
    assertTrue(problem.contains(message), problem);
    assertTrue(problem.matches("cannot (read|apply) the template: .*"), problem);
  }
}
