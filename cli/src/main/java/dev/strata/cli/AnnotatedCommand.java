package dev.strata.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * A command that is declared by picocli's annotations: for those whose work takes so long that the
 * time to read annotations does not matter.
 */
final class AnnotatedCommand extends Command {
  private static final String DEBUG = "--debug";

  private final CommandSpec spec;
  private final Callable<Integer> command;
  private boolean helpRequested;

  private AnnotatedCommand(String name, CommandSpec spec, Callable<Integer> command) {
    super(name);
    this.spec = HelpModel.styled(spec, name);
    this.command = command;
  }

  /** Takes an annotated object. */
  static Command of(String name, Callable<Integer> command) {
    CommandSpec spec = CommandSpec.forAnnotatedObject(command);
    // The version is the program's, not the command's.
    OptionSpec version = spec.findOption("--version");
    if (version != null) {
      spec.remove(version);
    }
    spec.addOption(
        OptionSpec.builder("-d", DEBUG)
            .type(Boolean.class)
            .arity("0")
            .order(Integer.MAX_VALUE)
            .description("Show the stack trace of an error.")
            .build());
    return new AnnotatedCommand(name, spec, command);
  }

  /** Takes an annotated object that wants all arguments as they are, options too. */
  static Command verbatim(String name, Callable<Integer> command) {
    CommandSpec spec = CommandSpec.forAnnotatedObject(command);
    spec.parser().unmatchedOptionsArePositionalParams(true);
    return new AnnotatedCommand(name, spec, command);
  }

  @Override
  void parse(String... args) {
    CommandLine line = new CommandLine(spec);
    // The arguments are the user's: no file is read for '@name', and of two equal options the
    // last counts, without a warning.
    line.setExpandAtFiles(false).setOverwrittenOptionsAllowed(true);
    CommandLine.tracer().setLevel(CommandLine.TraceLevel.OFF);
    try {
      line.parseArgs(args);
      helpRequested = line.isUsageHelpRequested();
    } catch (UnmatchedArgumentException e) {
      throw new UsageException(unmatched(e));
    } catch (ParameterException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private String unmatched(UnmatchedArgumentException e) {
    String typed = e.getUnmatched().getFirst();
    if (!e.isUnknownOption()) {
      return "unexpected argument '" + typed + "'";
    }
    List<String> known =
        spec.options().stream().filter(o -> !o.hidden()).map(OptionSpec::longestName).toList();
    return "unknown option '" + typed + "'" + Suggestion.of(typed, known);
  }

  @Override
  CommandSpec spec() {
    return spec;
  }

  @Override
  boolean helpRequested() {
    return helpRequested;
  }

  @Override
  boolean debug() {
    OptionSpec debug = spec.findOption(DEBUG);
    return debug != null && Boolean.TRUE.equals(debug.getValue());
  }

  @Override
  int run(Context context) throws InterruptedException {
    try {
      return command.call();
    } catch (RuntimeException | InterruptedException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
