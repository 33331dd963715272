package dev.strata.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WrappingTest {
  private static String print(String text, int columns) {
    StringWriter written = new StringWriter();
    PrintWriter out = new TextOutput(written, false, columns);
    Wrapping.println(out, text);
    out.flush();
    return written.toString();
  }

  @Test
  void breaksBetweenWordsOnANarrowTerminal() {
    assertEquals("one two\n  three\n  four\n", print("one two three four", 9));
    assertEquals("one two\n", print("one two", 7));
    assertEquals("one\n  two\n", print("one two", 6));
  }

  @Test
  void aLongWordStaysWhole() {
    assertEquals("a\n  sha256:0123456789\n  b c\n", print("a sha256:0123456789 b c", 8));
    assertEquals("0123456789\n", print("0123456789", 5));
    assertEquals("one\n  two\n", print("one two", 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 80, 200})
  void aLineElsewhereStaysALine(int columns) {
    String text = "word ".repeat(100).strip();

    assertEquals(text + "\n", print(text, columns));
  }

  @Test
  void keepsBlanksAtTheStart() {
    assertEquals(List.of("    one", "-two"), Wrapping.lines("    one two", 8, "-"));
  }
}
