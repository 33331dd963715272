package dev.strata.cli.command;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** A command: its arguments and what it does. An instance serves one run. */
public abstract class Command {
  private final String name;
  private final List<String> description;
  private final Arguments arguments = new Arguments();
  private List<String> footer = List.of();
  private boolean sorted;

  /**
   * Declares a command.
   *
   * @param name its name, as the user types it
   * @param description what it does, in lines for the help
   */
  public Command(String name, String... description) {
    this.name = name;
    this.description = List.of(description);
  }

  /** Declares further arguments. */
  protected final Arguments arguments() {
    return arguments;
  }

  /** Adds lines to the end of the help. */
  public final void footer(String... lines) {
    footer = List.of(lines);
  }

  /** Has the help list the options by name, since there are many. */
  public final void sortOptions() {
    sorted = true;
  }

  /**
   * Reads the arguments.
   *
   * @throws UsageException if they are wrong
   */
  public final void parse(String... args) {
    ArgumentParser.parse(arguments, args);
  }

  /** The command as picocli knows it, for its help and for completion. */
  public final CommandSpec spec() {
    return HelpModel.of(name, description, arguments, footer, sorted);
  }

  /** Prints the help. */
  public final void printHelp(PrintWriter out) {
    new CommandLine(spec()).usage(out);
  }

  /** Whether the user wants to see the help. */
  public final boolean helpRequested() {
    return arguments.help().isSet();
  }

  /** Whether the user wants to see stack traces. */
  public final boolean debug() {
    return arguments.debug().isSet();
  }

  /**
   * Does the work, after the arguments have been read.
   *
   * @return the exit code
   * @throws UsageException if the arguments don't go together
   * @throws dev.strata.io.StrataException if the work fails
   * @throws InterruptedException if the process is being ended
   */
  public abstract int run(Context context) throws InterruptedException;
}
