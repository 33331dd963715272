package dev.strata.cli;

import dev.strata.cli.terminal.Terminal;
import dev.strata.cli.terminal.TextOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * The help texts and completion scripts, which are rendered when the program is packed: rendering
 * them at each call would take longer than a small build.
 */
public final class HelpText {
  /** The folder of the texts, beside this class. */
  public static final String FOLDER = "help";

  /** The help of the program itself. */
  public static final String PROGRAM = "strata.txt";

  private HelpText() {}

  /** The file with the help of a command. */
  public static String ofCommand(String name) {
    return "strata-" + name.replace(' ', '-') + ".txt";
  }

  /** The file with the completion script of a shell. */
  public static String ofShell(String name) {
    return "completion." + name;
  }

  static void print(String file, PrintWriter out) {
    try (InputStream text = HelpText.class.getResourceAsStream(FOLDER + "/" + file)) {
      if (text == null) {
        throw new IllegalStateException(file + " is missing in the program");
      }
      String all = new String(text.readAllBytes(), StandardCharsets.UTF_8);
      int columns = TextOutput.columns(out);
      boolean narrow = columns > 0 && columns < Terminal.USUAL_COLUMNS && file.endsWith(".txt");
      out.print(narrow ? NarrowHelp.of(all, columns, file.equals(PROGRAM)) : all);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
