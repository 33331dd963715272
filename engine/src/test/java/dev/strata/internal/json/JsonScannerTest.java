package dev.strata.internal.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.strata.io.FileNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the scanner with Jackson's parser, token by token. */
final class JsonScannerTest {
  private static final String SAMPLE =
      """
      [ {"path" : "/nix/store/a-\\u00e9\\n", "references":["b\\"", "/c\\\\"], "narSize":-12},
      \t{"x":{"y":[[],{},[1.5e+3, 0, -0, 1E9]],"z\\/":null}, "":true,\r
        "b":false, "\u20ac\ud83d\ude00":"\\ud83d\\ude00"} ]
      """;

  private static final String ERROR = "error";

  /** The tokens whose fields are compared, since the fields of deep ones are long. */
  private static final int SOME = 100;

  @Test
  void readsTheSameTokens() {
    assertSame(SAMPLE);
    List<String> tokens = scan(SAMPLE);
    assertEquals(39, tokens.size());
    assertEquals("END_ARRAY  3:36 ", tokens.getLast());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " \n",
        "1",
        "-",
        "01",
        "-01",
        "1.",
        "1.e1",
        "1e",
        "1e+",
        ".5",
        "+1",
        "1\"a\"",
        "1 2",
        "1[",
        "true",
        "truex",
        "true\"x\"",
        "[true0]",
        "[true-]",
        "tru",
        "nul",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\":1,}",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\" 1}",
        "{a:1}",
        "{1:1}",
        "[}",
        "{]",
        "]",
        "\"",
        "\"\\",
        "\"\\u",
        "\"\\u12",
        "\"\\u12g4\"",
        "\"\\x\"",
        "\"\t\"",
        "\"\\\"",
        "[\"a\"\"b\"]",
        "\"a\"b",
        "{}x",
        "{}{}",
        "[]]",
        "[1]\u0000",
        "\u00a0[1]",
        "\ufeff1",
        "\r\n\r[\r\n\"a\",\r1\n\n,\r\n2]",
        "[\"\u0000\"]",
        "//x\n1",
        "['a']",
        "[NaN]",
        "[-Infinity]",
        "\"\u007f\u2028\""
      })
  void agreesAboutErrors(String text) {
    assertSame(text);
  }

  @Test
  void agreesAboutSpoiledTexts() {
    Mutations mutations = new Mutations(17);
    int valid = 0;
    int count = 3000;
    for (int i = 0; i < count; i++) {
      String spoiled = FileNames.decodeLossy(mutations.spoil(SAMPLE));
      String text = JsonInput.withoutLoneSurrogates(spoiled);
      List<String> tokens = assertSame(text);
      if (tokens.isEmpty() || !tokens.getLast().equals(ERROR)) {
        valid++;
      }
    }
    assertTrue(valid > count / 20 && valid < count, valid + " of them are JSON");
  }

  private static List<String> assertSame(String text) {
    List<String> expected = jackson(text);
    assertEquals(expected, scan(text), text);
    return expected;
  }

  private static List<String> scan(String text) {
    List<String> tokens = new ArrayList<>();
    JsonScanner scanner = new JsonScanner(text);
    try {
      while (scanner.next() != null) {
        JsonToken token = scanner.token();
        boolean scalar = token.ordinal() >= JsonToken.FIELD_NAME.ordinal();
        String value = scalar ? scanner.text() : "";
        String place = tokens.size() < SOME ? scanner.line() + ":" + scanner.column() : "";
        tokens.add(
            token
                + " "
                + value
                + " "
                + place
                + " "
                + (tokens.size() < SOME ? scanner.field() : ""));
      }
    } catch (JsonScanner.SyntaxException _) {
      fail(tokens);
    }
    return tokens;
  }

  /** Adds an error. Jackson reads a name together with most values. */
  private static void fail(List<String> tokens) {
    if (!tokens.isEmpty() && tokens.getLast().startsWith(JsonToken.FIELD_NAME.name())) {
      tokens.removeLast();
    }
    tokens.add(ERROR);
  }

  private static List<String> jackson(String text) {
    List<String> tokens = new ArrayList<>();
    try (JsonParser parser = JsonSyntax.FACTORY.createParser(text)) {
      while (parser.nextToken() != null) {
        com.fasterxml.jackson.core.JsonToken token = parser.currentToken();
        String value = token.isStructStart() || token.isStructEnd() ? "" : parser.getText();
        JsonLocation at = parser.currentTokenLocation();
        String place = tokens.size() < SOME ? at.getLineNr() + ":" + at.getColumnNr() : "";
        tokens.add(
            name(token)
                + " "
                + value
                + " "
                + place
                + " "
                + (tokens.size() < SOME ? field(parser) : ""));
      }
    } catch (JsonProcessingException _) {
      fail(tokens);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return tokens;
  }

  private static String name(com.fasterxml.jackson.core.JsonToken token) {
    return switch (token) {
      case VALUE_NUMBER_INT -> "INTEGER";
      case VALUE_NUMBER_FLOAT -> "FLOAT";
      default -> token.name().replace("VALUE_", "");
    };
  }

  private static String field(JsonParser parser) {
    var at = parser.getParsingContext();
    if (parser.currentToken().isStructStart()) {
      at = at.getParent();
    }
    StringBuilder field = new StringBuilder();
    for (; !at.inRoot(); at = at.getParent()) {
      field.insert(0, at.inArray() ? "[" + at.getCurrentIndex() + "]" : "." + at.getCurrentName());
    }
    return field.toString();
  }
}
