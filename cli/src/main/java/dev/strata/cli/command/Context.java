package dev.strata.cli.command;

import dev.strata.cli.terminal.Terminal;
import java.io.PrintWriter;
import java.nio.channels.WritableByteChannel;
import java.util.Map;

/**
 * What a command has around it.
 *
 * @param out standard output, as text
 * @param err standard error, as text
 * @param bytes standard output, as bytes; a command writes to this or to {@code out}
 * @param terminal which of them are terminals
 * @param environment the environment variables
 */
public record Context(
    PrintWriter out,
    PrintWriter err,
    WritableByteChannel bytes,
    Terminal terminal,
    Map<String, String> environment) {}
