package dev.strata.cli;

import dev.strata.cli.command.Context;
import dev.strata.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs the command line in this JVM with its own environment and terminals. */
public final class CommandLineRun {
  private final Map<String, String> environment = new HashMap<>();
  private Terminal terminal = Terminal.NONE;

  public CommandLineRun with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  public CommandLineRun onTerminal() {
    return onTerminal(Terminal.USUAL_COLUMNS);
  }

  public CommandLineRun onTerminal(int columns) {
    terminal = new Terminal(true, true, true, columns, Terminal.USUAL_ROWS);
    return this;
  }

  public Outcome run(List<String> args) {
    return run(args.toArray(String[]::new));
  }

  public Outcome run(String... args) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    StringWriter err = new StringWriter();
    PrintWriter out = new PrintWriter(bytes, false, StandardCharsets.UTF_8);
    PrintWriter errors = new PrintWriter(err, true);
    Context context =
        new Context(out, errors, Channels.newChannel(bytes), terminal, Map.copyOf(environment));
    int exit = new CommandRunner(context).run(args);
    out.flush();
    errors.flush();
    return new Outcome(exit, bytes.toByteArray(), err.toString());
  }

  /** Runs with an empty environment. */
  public static Outcome strata(String... args) {
    return new CommandLineRun().run(args);
  }
}
