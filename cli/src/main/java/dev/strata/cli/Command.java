package dev.strata.cli;

import picocli.CommandLine.Model.CommandSpec;

/**
 * A command: its arguments and what it does. An instance serves one run.
 *
 * <p>Commands are declared through picocli's model and not through its annotations: to read
 * annotations takes the JVM longer than all the work on a small closure.
 */
abstract class Command {
  private final CommandSpec spec;
  private final Arguments arguments;
  private final Argument<Boolean> debug;

  /**
   * Declares a command.
   *
   * @param name its name, as the user types it
   * @param description what it does, in lines for the help
   */
  Command(String name, String... description) {
    spec = styled(CommandSpec.create(), name);
    spec.usageMessage().description(description).sortOptions(false);
    arguments = new Arguments(spec);
    debug = arguments.common();
  }

  /**
   * Takes a command that is declared elsewhere.
   *
   * @param name its name, as the user types it
   * @param declared its arguments
   * @param debuggable whether it gets the option that shows stack traces
   */
  Command(String name, CommandSpec declared, boolean debuggable) {
    spec = styled(declared, name);
    arguments = new Arguments(spec);
    debug = debuggable ? arguments.debug() : Argument.absent();
  }

  private static CommandSpec styled(CommandSpec spec, String name) {
    spec.usageMessage()
        .descriptionHeading("%n")
        .parameterListHeading("%nArguments:%n")
        .optionListHeading("%nOptions:%n")
        .footerHeading("%n");
    return spec.name("strata " + name);
  }

  /** Declares further arguments. */
  final Arguments arguments() {
    return arguments;
  }

  /** Adds lines to the end of the help. */
  final void footer(String... lines) {
    spec.usageMessage().footer(lines);
  }

  /** The command as picocli knows it. */
  final CommandSpec spec() {
    return spec;
  }

  /** Whether the user wants to see stack traces. */
  final boolean debug() {
    return debug.isSet();
  }

  /**
   * Does the work, after the arguments have been read.
   *
   * @return the exit code
   * @throws UsageException if the arguments don't go together
   * @throws dev.strata.io.StrataException if the work fails
   * @throws InterruptedException if the process is being ended
   */
  abstract int run(Context context) throws InterruptedException;
}
