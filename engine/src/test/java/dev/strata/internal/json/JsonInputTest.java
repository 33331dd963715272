package dev.strata.internal.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.io.InvalidInputException;
import dev.strata.io.PlainText;
import dev.strata.testing.Failures;
import dev.strata.testing.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class JsonInputTest {
  @TempDir private Path temporary;

  static List<Table.Row> texts() {
    return Table.load("json.tsv");
  }

  @ParameterizedTest
  @MethodSource("texts")
  void readsAndWritesAsGoDoes(Table.Row row) {
    if (row.isError(1)) {
      Failures.assertFails(() -> rewrite(row.bytes(0)), "the text");
    } else {
      assertEquals(row.text(1), rewrite(row.bytes(0)));
    }
  }

  /** Reads the fields that Go's struct had when the table was recorded, and writes them. */
  private static String rewrite(byte[] json) {
    class Fields {
      String s = "";
      long n;
      @Nullable List<String> l;
      final SortedMap<String, String> m = new TreeMap<>(JsonOutput.KEY_ORDER);
      boolean b;
      String ask = "";
    }
    Fields f =
        JsonInput.parse(
            "the text",
            json,
            in -> {
              Fields read = new Fields();
              in.object(
                  "a test",
                  (key, value) -> {
                    switch (key) {
                      case "s" -> read.s = value.string(read.s);
                      case "n" -> read.n = value.integer(read.n);
                      case "l" -> read.l = value.list("strings", e -> e.string(""));
                      case "m" -> value.addTo(read.m, "strings", v -> v.string(""));
                      case "b" -> read.b = value.bool(read.b);
                      case "ask" -> read.ask = value.string(read.ask);
                      default -> value.skip();
                    }
                  });
              return read;
            });
    JsonOutput out = JsonOutput.compact();
    out.beginObject().field("s", f.s).field("n", f.n);
    if (f.l != null && !f.l.isEmpty()) {
      out.name("l").beginArray();
      f.l.forEach(out::string);
      out.endArray();
    }
    if (!f.m.isEmpty()) {
      out.name("m").beginObject();
      f.m.forEach(out::field);
      out.endObject();
    }
    return out.name("b").bool(f.b).field("ask", f.ask).endObject().toString();
  }

  @Test
  void rejectsEscapesWithDigitsOfOtherScripts() {
    byte[] json = "[\"\\u\u0661\u0661\u0661\u0661\"]".getBytes(StandardCharsets.UTF_8);
    InvalidInputException e =
        assertThrows(
            InvalidInputException.class,
            () -> JsonInput.parse("the text", json, JsonInput::strings));
    String message = "the text is not valid JSON: a \\u is not followed by four hexadecimal digits";
    assertEquals(message, e.getMessage());
  }

  @Test
  void readsTenThousandLevelsAndNoMore() {
    assertEquals("deep", deep(10_000));
    Failures.assertFails(() -> deep(10_001), "the text");
  }

  private static String deep(int levels) {
    String json = "[".repeat(levels) + "]".repeat(levels);
    return JsonInput.parse(
        "the text",
        json.getBytes(StandardCharsets.US_ASCII),
        in -> {
          in.skip();
          return "deep";
        });
  }

  @Test
  void namesFileAndPlaceOfWhatIsWrong() throws IOException {
    Path file = Files.writeString(temporary.resolve("in.json"), "[\n  \"a\",\n  {}\n]");

    Failures.assertFails(
        () -> JsonInput.read(file, JsonInput::strings),
        file.toString(),
        "line 3, column 3",
        "line 3, column 3): [1] should be a string but is an object");
    Files.writeString(file, "[\n  \"a\",\n  ?\n]");
    Failures.assertFails(
        () -> JsonInput.read(file, JsonInput::strings),
        file.toString(),
        "is not valid JSON at line 3, column 3");
  }

  @Test
  void namesTheFieldOfAValueOfAnotherType() {
    assertEquals("line 1, column 9): size should be " + INTEGER + " but is a string", of("'1'"));
    assertEquals("line 1, column 9): size should be " + INTEGER + " but is an array", of("[1]"));
    assertEquals("line 1, column 9): size should be " + INTEGER + " but is an object", of("{}"));
    assertEquals(
        "line 1, column 9): size is the number 99999999999999999999, which does not fit in 64 bits",
        of("99999999999999999999"));
    assertEquals(
        "line 1, column 30): a[1].list[2].size should be " + INTEGER + " but is a boolean",
        problem("{'a':[0,{'list':[1,2,{'size':true}]}]}", JsonInputTest::numbers));
    assertEquals(
        "line 1, column 2): [0] should be a string but is a number",
        problem("[5]", JsonInput::strings));
    assertEquals(
        "line 1, column 1) should contain a string but contains a number",
        problem("5", in -> in.string("")));
  }

  /** Consumes a value, in which each field named size must be an integer. */
  private static boolean numbers(JsonInput in) {
    if (in.isArray()) {
      in.list("values", JsonInputTest::numbers);
    } else if (in.isObject()) {
      in.object(
          "of numbers",
          (key, value) -> {
            if (key.equals("size")) {
              value.integer(0);
            } else {
              numbers(value);
            }
          });
    } else {
      in.skip();
    }
    return true;
  }

  private static final String INTEGER = "an integer, without quotes, fraction and exponent,";

  private static String of(String size) {
    return problem("{'size':" + size + "}", JsonInputTest::numbers);
  }

  private static String problem(String json, Function<JsonInput, ?> reader) {
    byte[] content = json.replace('\'', '"').getBytes(StandardCharsets.US_ASCII);
    String message =
        assertThrows(
                InvalidInputException.class, () -> JsonInput.parse("the text", content, reader))
            .getMessage();
    return String.valueOf(message).substring("the text (".length());
  }

  /** Neither the parser's places, which name no file, nor its settings are of use to a user. */
  @Test
  void saysWhatIsWrongInWordsOfItsOwn() {
    assertEquals(
        "it is not valid JSON at line 1, column 8: it ends before its JSON value does",
        problem("{\"a\":[1"));
    assertEquals(
        "it is not valid JSON at line 1, column 7: it ends before its JSON value does",
        problem("{\"a\":1"));
    assertEquals(
        "it is not valid JSON at line 1, column 7: unexpected close marker ']': expected '}'",
        problem("{\"a\":1]"));
    for (String text :
        List.of(
            "{",
            "[",
            "\"a",
            "{\"a",
            "[1}",
            "[NaN]",
            "[+1]",
            "/**/1",
            "[Infinity]",
            "[01]",
            "{'a':1}",
            "[tru\u001b]",
            "\u202e",
            "[".repeat(10_001),
            "\u0000",
            "x".repeat(100_000))) {
      String problem = problem(text);
      assertFalse(
          problem.contains("Source")
              || problem.contains("Feature")
              || problem.contains("StreamRead")
              || problem.codePoints().anyMatch(PlainText::isHidden),
          problem);
      assertTrue(problem.length() < 500, () -> "it has " + problem.length() + " characters");
    }
  }

  private static String problem(String text) {
    byte[] json = text.getBytes(StandardCharsets.UTF_8);
    InvalidInputException e =
        assertThrows(
            InvalidInputException.class,
            () ->
                JsonInput.parse(
                    "it",
                    json,
                    in -> {
                      in.skip();
                      return "";
                    }));
    return String.valueOf(e.getMessage());
  }

  @Test
  void quotesLittleOfAFileThatIsNotJson() throws IOException {
    Path file = Files.writeString(temporary.resolve("in.tar"), "layer.tar" + "\0".repeat(503));

    InvalidInputException failure =
        assertThrows(InvalidInputException.class, () -> JsonInput.read(file, JsonInput::strings));
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.length() < file.toString().length() + 250, message);
  }

  @Test
  void showsAHostileFileNameOnOneLine() {
    Path file = temporary.resolve("a\nb.json");

    Failures.assertFails(() -> JsonInput.read(file, JsonInput::strings), "a\\x0Ab.json");
  }
}
