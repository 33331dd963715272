package dev.strata.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs the command line in this JVM, with an environment and terminals of its own. */
final class CommandLineRun {
  private final Map<String, String> environment = new HashMap<>();
  private Terminal terminal = Terminal.NONE;

  CommandLineRun with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  CommandLineRun onTerminal() {
    terminal = new Terminal(true, true);
    return this;
  }

  Outcome run(List<String> args) {
    return run(args.toArray(String[]::new));
  }

  Outcome run(String... args) {
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

  /** Runs with nothing in the environment. */
  static Outcome strata(String... args) {
    return new CommandLineRun().run(args);
  }
}
