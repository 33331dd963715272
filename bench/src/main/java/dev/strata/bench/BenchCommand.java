package dev.strata.bench;

import dev.strata.bench.run.BenchException;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The top-level command: dispatches to the commands and reports errors in one line. */
@Command(
    name = "strata bench",
    description = "Measure Strata: single stages, whole runs, and changes between builds.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Examples:",
      "  strata bench run --workload s-1 --reference ~/bin/nix2container",
      "  strata bench compare /path/to/base /path/to/candidate",
      "  strata bench record --results results.jsonl",
      "  strata bench report --results results.jsonl --output report.html",
      "  strata bench scale --chart scale.svg",
      "  strata bench cores --chart cores.svg",
      "  strata bench jmh -f 1 'Tree|Walk'"
    })
final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("UnusedVariable") // picocli prints the help itself.
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Print this help and exit.")
  private boolean help;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print stack traces of errors.")
  private boolean debug;

  private BenchCommand() {}

  static int run(String[] args, PrintWriter out, PrintWriter err) {
    Context context = new Context(out, err);
    BenchCommand root = new BenchCommand();
    CommandLine line =
        new CommandLine(root)
            .addSubcommand("run", new RunCommand(context))
            .addSubcommand("record", new RecordCommand(context))
            .addSubcommand("compare", new CompareCommand(context))
            .addSubcommand("report", new ReportCommand(context))
            .addSubcommand("scale", new ScaleCommand(context))
            .addSubcommand("cores", new CoresCommand(context))
            .addSubcommand("jmh", new JmhCommand());
    line.setOut(out);
    line.setErr(err);
    line.setParameterExceptionHandler((e, _) -> badUsage(e, err));
    line.setExecutionExceptionHandler((e, command, _) -> root.failure(e, command, err));
    return line.execute(args);
  }

  private static int badUsage(ParameterException e, PrintWriter err) {
    CommandLine command = e.getCommandLine();
    err.println("strata bench: " + oneLine(String.valueOf(e.getMessage())));
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private int failure(Exception e, CommandLine command, PrintWriter err) {
    String message =
        switch (e) {
          case BenchException b -> String.valueOf(b.getMessage());
          case StrataException s -> String.valueOf(s.getMessage());
          case IOException i -> String.valueOf(i.getMessage());
          case UnsupportedOperationException u -> String.valueOf(u.getMessage());
          default -> "internal error: " + e + "; please report it";
        };
    err.println("strata bench: " + oneLine(message));
    if (debug) {
      e.printStackTrace(err);
    }
    return command.getCommandSpec().exitCodeOnExecutionException();
  }

  private static String oneLine(String message) {
    return message.strip().replaceAll("\\R", "; ");
  }

  /** Converts an invalid value into a usage error of a command. */
  static ParameterException usage(CommandSpec spec, IllegalArgumentException e) {
    return new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "missing command");
  }
}
