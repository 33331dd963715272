package dev.strata.cli.terminal;

import dev.strata.io.PlainText;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/**
 * Text that may reach a terminal. Whatever a registry, an image or a client sent, control and
 * format characters other than line ends and tabs become escapes, which also are those of JSON.
 * Sequences of the program itself, which move the cursor, have a method of their own. Thread-safe
 * like any {@link PrintWriter}.
 */
public final class TextOutput extends PrintWriter {
  private final Writer target;

  /**
   * Creates an output.
   *
   * @param autoFlush whether to flush after each line
   */
  public TextOutput(Writer target, boolean autoFlush) {
    super(new Filter(target), autoFlush);
    this.target = target;
  }

  /**
   * Prints a sequence for the terminal as it is. Output that is not for a terminal does not get it.
   *
   * @param out the standard error or output of the context
   * @param sequence a control sequence, which contains no text from elsewhere
   */
  public static void control(PrintWriter out, String sequence) {
    if (out instanceof TextOutput text) {
      text.control(sequence);
    } else {
      out.print(sequence);
    }
  }

  private void control(String sequence) {
    try {
      synchronized (lock) {
        target.write(sequence);
      }
    } catch (IOException _) {
      setError();
    }
  }

  /** Escapes hidden characters, of which the halves of a pair may come in two pieces. */
  private static final class Filter extends Writer {
    private final Writer target;
    private char high;

    Filter(Writer target) {
      this.target = target;
    }

    @Override
    public void write(char[] text, int offset, int length) throws IOException {
      if (high == 0 && isPlain(text, offset, length)) {
        target.write(text, offset, length);
        return;
      }
      StringBuilder out = new StringBuilder(length + 16);
      for (int i = offset; i < offset + length; i++) {
        add(text[i], out);
      }
      target.append(out);
    }

    private static boolean isPlain(char[] text, int offset, int length) {
      for (int i = offset; i < offset + length; i++) {
        char c = text[i];
        if ((c < ' ' || c >= 0x7F) && c != '\n' && c != '\t') {
          return false;
        }
      }
      return true;
    }

    private void add(char c, StringBuilder out) {
      if (high != 0) {
        char first = high;
        high = 0;
        if (Character.isLowSurrogate(c)) {
          append(Character.toCodePoint(first, c), out);
          return;
        }
        PlainText.escape(first, out);
      }
      if (Character.isHighSurrogate(c)) {
        high = c;
      } else {
        append(c, out);
      }
    }

    private static void append(int c, StringBuilder out) {
      if (c != '\n' && c != '\t' && PlainText.isHidden(c)) {
        PlainText.escape(c, out);
      } else {
        out.appendCodePoint(c);
      }
    }

    @Override
    public void flush() throws IOException {
      target.flush();
    }

    @Override
    public void close() throws IOException {
      target.close();
    }
  }
}
