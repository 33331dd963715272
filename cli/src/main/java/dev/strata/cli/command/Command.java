package dev.strata.cli.command;

import java.util.List;

/** A command: its arguments and its work. An instance is used for one run. */
public abstract class Command {
  private final String name;
  private final List<String> description;
  private final Arguments arguments = new Arguments();
  private List<String> footer = List.of();
  private List<String> daily = List.of();
  private boolean sorted;

  /**
   * Declares a command.
   *
   * @param name the name that the user types
   * @param description the paragraphs at the start of the help
   */
  public Command(String name, String... description) {
    this.name = name;
    this.description = List.of(description);
  }

  /** The name that the user types. */
  public final String name() {
    return name;
  }

  /** The paragraphs at the start of the help. */
  public final List<String> description() {
    return description;
  }

  /** The declared arguments. */
  public final Arguments arguments() {
    return arguments;
  }

  /** The lines at the end of the help. */
  public final List<String> footer() {
    return footer;
  }

  /** The options that the help shows first, by one of their names; empty for no such order. */
  public final List<String> dailyOptions() {
    return daily;
  }

  /** Whether the help sorts the options by name. */
  public final boolean sortsOptions() {
    return sorted;
  }

  /** Sets the lines at the end of the help. */
  protected final void footer(String... lines) {
    footer = List.of(lines);
  }

  /** Makes the help show some options first, and the others under a heading of their own. */
  protected final void daily(String... names) {
    daily = List.of(names);
  }

  /** Makes the help sort the options by name: for commands with many of them. */
  protected final void sortOptions() {
    sorted = true;
  }

  /**
   * Parses the arguments.
   *
   * @throws UsageException if they are invalid
   */
  public final void parse(String... args) {
    ArgumentParser.parse(arguments, arguments.readsFiles() ? ArgumentFiles.expand(args) : args);
  }

  /** Whether the command has an option. */
  public final boolean accepts(String option) {
    return arguments.options().stream().anyMatch(o -> o.declaration().names().contains(option));
  }

  /**
   * Whether the command writes to an image in a registry, with the arguments that were parsed.
   *
   * @param place the reference of the image
   */
  public boolean writesTo(String place) {
    return false;
  }

  /**
   * Returns what to do after a failure, besides what the message says; empty for nothing.
   *
   * @return the end of a sentence, such as {@code continue with 'strata copy …'}
   */
  public String advice() {
    return "";
  }

  /**
   * Reports a failure where a program reads it; the user sees the message anyway.
   *
   * @param error what was thrown
   * @param message the message for the user
   */
  public void failed(Context context, Throwable error, String message) {}

  /** The exit code if the command fails. */
  public int failureExitCode() {
    return ExitCode.FAILURE;
  }

  /** Whether the arguments ask for the help. */
  public final boolean helpRequested() {
    return arguments.help().isSet();
  }

  /** Whether the arguments ask for stack traces. */
  public final boolean debug() {
    return arguments.debug().isSet();
  }

  /**
   * Does the work, after the arguments have been parsed.
   *
   * @return the exit code
   * @throws UsageException if arguments cannot be combined
   * @throws dev.strata.io.StrataException if the work fails
   * @throws InterruptedException if the process is ending
   */
  public abstract int run(Context context) throws InterruptedException;
}
