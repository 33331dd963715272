package dev.strata.cli.command;

import dev.strata.cli.terminal.Terminal;
import dev.strata.cli.terminal.TextChannel;
import dev.strata.cli.terminal.TextOutput;
import java.io.PrintWriter;
import java.nio.channels.WritableByteChannel;
import java.util.Map;

/**
 * The environment of a command.
 *
 * @param out standard output for text
 * @param err standard error for text
 * @param bytes standard output for bytes; a command writes either to this or to {@code out}
 * @param terminal which of the streams are terminals
 * @param environment the environment variables
 */
public record Context(
    PrintWriter out,
    PrintWriter err,
    WritableByteChannel bytes,
    Terminal terminal,
    Map<String, String> environment) {
  /**
   * Has all text pass a filter. Bytes are text too, if they go to a terminal; commands whose bytes
   * are not text refuse to write there.
   */
  public Context {
    int columns = terminal.columns();
    out =
        terminal.standardOutput()
            ? new TextOutput(out, false, columns)
            : new TextOutput(out, false);
    err = terminal.standardError() ? new TextOutput(err, true, columns) : new TextOutput(err, true);
    bytes = terminal.standardOutput() ? new TextChannel(out) : bytes;
  }
}
