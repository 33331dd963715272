package dev.strata.cli.terminal;

import dev.strata.io.PlainText;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;

/**
 * Text that may reach a terminal. Whatever a registry, an image or a client sent, control and
 * format characters other than line ends and tabs become escapes, which also are those of JSON.
 * Lines of the program itself that change, such as progress, have a method of their own; whatever
 * else is printed replaces them. Thread-safe like any {@link PrintWriter}.
 */
public final class TextOutput extends PrintWriter {
  /** No limit of the width, since the output is not a terminal. */
  private static final int UNLIMITED = 0;

  private final Filter filter;
  private final int columns;

  /**
   * Creates an output that is not a terminal.
   *
   * @param autoFlush whether to flush after each line
   */
  public TextOutput(Writer target, boolean autoFlush) {
    this(new Filter(target), autoFlush, UNLIMITED);
  }

  /**
   * Creates an output on a terminal.
   *
   * @param autoFlush whether to flush after each line
   * @param columns the width of the terminal in characters
   */
  public TextOutput(Writer target, boolean autoFlush, int columns) {
    this(new Filter(target), autoFlush, columns);
  }

  private TextOutput(Filter filter, boolean autoFlush, int columns) {
    super(filter, autoFlush);
    this.filter = filter;
    this.columns = columns;
  }

  /** Returns the width of the terminal that an output is; 0 if it is none. */
  public static int columns(PrintWriter out) {
    return out instanceof TextOutput text ? text.columns : UNLIMITED;
  }

  /**
   * Shows lines that stay at the end of the output until other lines are shown, or anything is
   * printed. Longer lines than the terminal is wide are cut.
   *
   * @param out the standard error or output of the context, on a terminal with a cursor
   * @param lines lines without line ends, which contain no text from elsewhere; none to clear
   */
  public static void live(PrintWriter out, List<String> lines) {
    if (out instanceof TextOutput text) {
      text.live(lines);
    }
  }

  private void live(List<String> lines) {
    try {
      synchronized (lock) {
        filter.live(lines, columns);
      }
    } catch (IOException _) {
      setError();
    }
  }

  /**
   * Prints a last line where the cursor is, in place of the lines that change. Nothing that is
   * printed later appears.
   *
   * @param start what moves the cursor to the start of a line
   */
  public static void end(PrintWriter out, String start, String line) {
    if (out instanceof TextOutput text) {
      text.end(start + line + System.lineSeparator());
    }
  }

  private void end(String last) {
    try {
      synchronized (lock) {
        filter.end(last);
      }
    } catch (IOException _) {
      setError();
    }
  }

  /** Escapes hidden characters, of which the halves of a pair may come in two pieces. */
  private static final class Filter extends Writer {
    private final Writer target;
    private char high;
    private int live;
    private boolean ended;

    Filter(Writer target) {
      this.target = target;
    }

    @Override
    public void write(char[] text, int offset, int length) throws IOException {
      if (ended) {
        return;
      }
      if (live > 0) {
        target.write(clearLive());
      }
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

    void live(List<String> lines, int columns) throws IOException {
      if (ended || lines.isEmpty() && live == 0) {
        return;
      }
      StringBuilder all = new StringBuilder(clearLive());
      if (!lines.isEmpty()) {
        // Without wrapping, lines stay single lines in a window that has become narrower.
        all.append("\u001b[?7l");
        for (String line : lines) {
          all.append(line, 0, Math.min(line.length(), columns)).append('\n');
        }
        all.append("\u001b[?7h");
      }
      target.write(all.toString());
      target.flush();
      live = lines.size();
    }

    void end(String last) throws IOException {
      if (ended) {
        return;
      }
      ended = true;
      target.write(clearLive() + last);
      target.flush();
    }

    /** Clears the lines that change, from the line below them, where a user may have typed. */
    private String clearLive() {
      String clear = live == 0 ? "" : "\r\u001b[" + live + "A\u001b[J";
      live = 0;
      return clear;
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
