package dev.strata.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.command.Context;
import dev.strata.io.FileNames;
import dev.strata.io.PlainText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TextOutputTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private Context context(boolean terminal) {
    return new Context(
        new PrintWriter(out),
        new PrintWriter(err),
        Channels.newChannel(bytes),
        terminal ? new Terminal(true, true, true, 40, 10) : Terminal.NONE,
        Map.of());
  }

  @ParameterizedTest
  @CsvSource({
    "1b, \\u001b",
    "7, \\u0007",
    "d, \\u000d",
    "0, \\u0000",
    "7f, \\u007f",
    "85, \\u0085",
    "9b, \\u009b",
    "ad, \\u00ad",
    "200b, \\u200b",
    "200d, \\u200d",
    "200e, \\u200e",
    "2028, \\u2028",
    "2029, \\u2029",
    "202a, \\u202a",
    "202e, \\u202e",
    "2066, \\u2066",
    "2069, \\u2069",
    "feff, \\ufeff",
    "d800, \\ufffd",
    "dc9b, \\ufffd",
    "e0001, \\udb40\\udc01",
    "e9, \u00e9",
    "1f600, \ud83d\ude00",
    "9, '\t'",
  })
  void showsEscapesOfHiddenCharacters(String hex, String shown) {
    int c = Integer.parseInt(hex, 16);
    String text = "a" + Character.toString(c) + "b";
    Context context = context(false);

    context.out().println(text);
    context.err().print(text);
    context.out().flush();
    context.err().flush();

    assertEquals("a" + shown + "b\n", out.toString());
    assertEquals("a" + shown + "b", err.toString());
  }

  @Test
  void neverLetsHiddenCharactersThrough() {
    Context context = context(false);
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      context.out().print(Character.toString(c));
    }
    context.out().flush();

    String printed = out.toString().replace("\n", "").replace("\t", "");
    assertFalse(printed.codePoints().anyMatch(PlainText::isHidden));
  }

  @Test
  void joinsTheHalvesOfAPair() {
    Context context = context(false);

    context.out().print('\ud83d');
    context.out().print('\ude00');
    context.out().print('\ud83d');
    context.out().print('x');
    context.out().flush();

    assertEquals("\ud83d\ude00\\ufffdx", out.toString());
  }

  @Test
  void linesThatChangeAreReplacedByWhatFollows() {
    Context context = context(true);
    String clear = "\r\u001b[2A\u001b[J";

    TextOutput.live(context.err(), List.of("a", "b"));
    assertEquals("\u001b[?7la\nb\n\u001b[?7h", err.toString());
    err.getBuffer().setLength(0);

    TextOutput.live(context.err(), List.of("c", "d"));
    assertEquals(clear + "\u001b[?7lc\nd\n\u001b[?7h", err.toString());
    err.getBuffer().setLength(0);

    context.err().println("text");
    context.err().println("more");
    assertEquals(clear + "text\nmore\n", err.toString());
  }

  @Test
  void cutsLinesThatChangeAtTheWidth() {
    TextOutput.live(context(true).err(), List.of("x".repeat(50)));

    assertTrue(err.toString().contains("l" + "x".repeat(40) + "\n"), err.toString());
  }

  @Test
  void nothingFollowsTheLastLine() {
    Context context = context(true);
    TextOutput.live(context.err(), List.of("a"));
    err.getBuffer().setLength(0);

    TextOutput.end(context.err(), "", "the end");
    context.err().println("late");
    TextOutput.live(context.err(), List.of("late"));
    TextOutput.end(context.err(), "", "late");

    assertEquals("\r\u001b[1A\u001b[Jthe end\n", err.toString());
  }

  @Test
  void bytesForATerminalAreText() throws IOException {
    byte[] manifest = "{\"a\":\"\u009b2J\u202e\u00e9\u001b\"}\n".getBytes(UTF_8);
    Context context = context(true);

    for (byte b : manifest) {
      assertEquals(1, context.bytes().write(ByteBuffer.wrap(new byte[] {b})));
    }

    assertEquals("{\"a\":\"\\u009b2J\\u202e\u00e9\\u001b\"}\n", out.toString());
    assertEquals(0, bytes.size());
  }

  @Test
  void bytesForAPipeAreLeftAlone() throws IOException {
    byte[] manifest = {0x1b, (byte) 0x9b, 0, (byte) 0xff};

    context(false).bytes().write(ByteBuffer.wrap(manifest));

    assertEquals(FileNames.decode(manifest), FileNames.decode(bytes.toByteArray()));
    assertEquals("", out.toString());
  }

  @Test
  void rowsOfATableAreOneLineEach() {
    Context context = context(false);

    new Table("ll").row("NAME", "X").row("a\n  forged  row", "\u001b[2J").print(context.out());
    context.out().flush();

    assertEquals(2, out.toString().lines().count(), out.toString());
  }
}
