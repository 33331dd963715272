package dev.strata.cli.command;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options and parameters that a command declares. */
public final class Arguments {
  private final List<Argument<?>> options = new ArrayList<>();
  private final List<Argument<?>> parameters = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>(0);
  private final Argument<Boolean> help = flagOf(List.of("-h", "--help"), "Show this help");
  private final Argument<Boolean> debug =
      flagOf(List.of("-d", "--debug"), "Show stack traces of errors");
  private boolean ignoresTheRest;
  private @Nullable Argument<?> replacement;
  private boolean verbatim;
  private boolean readsFiles;
  private boolean takesEmptyPaths;

  /** The options, with those of every command at the end. */
  public List<Argument<?>> options() {
    if (verbatim) {
      return List.of();
    }
    List<Argument<?>> all = new ArrayList<>(options);
    all.add(help);
    all.add(debug);
    return all;
  }

  /** The parameters in order; only the last one may have several values. */
  public List<Argument<?>> parameters() {
    return parameters;
  }

  /** Whether extra parameters are ignored. */
  public boolean ignoresTheRest() {
    return ignoresTheRest;
  }

  /** Whether the name of a file may be empty. */
  boolean takesEmptyPaths() {
    return takesEmptyPaths;
  }

  /** Whether every argument is a parameter, including those that look like options. */
  public boolean verbatim() {
    return verbatim;
  }

  /** Whether {@code @FILE} stands for the arguments in a file. */
  public boolean readsFiles() {
    return readsFiles;
  }

  /** Warnings about the arguments that were parsed, without the name of the program. */
  public List<String> warnings() {
    return warnings;
  }

  /** Adds a warning about an argument that is being parsed. */
  public void warn(String warning) {
    warnings.add(warning);
  }

  /** Makes {@code @FILE} stand for the arguments in a file. */
  public void readFiles() {
    readsFiles = true;
  }

  /** The option for help. */
  public Argument<Boolean> help() {
    return help;
  }

  /** The option for debugging. */
  public Argument<Boolean> debug() {
    return debug;
  }

  /** Declares an option without a value. */
  public Argument<Boolean> flag(String description, String... names) {
    return option(flagOf(List.of(names), description));
  }

  /** Declares an option that is true or false; without a value, it is true. */
  public Argument<Boolean> choice(String description, String... names) {
    return option(
        Argument.one(
            new Argument.Declaration(
                List.of(names), Argument.Kind.SWITCH, false, false, "BOOL", description),
            GoBoolean::read));
  }

  /** Declares an option with a text, such as a file name. */
  public Argument<String> text(String label, String description, String... names) {
    return value(text -> text, label, description, names);
  }

  /** Declares an option with a text, which the help leaves out. */
  public Argument<String> hiddenText(String... names) {
    return option(
        Argument.one(
            new Argument.Declaration(List.of(names), Argument.Kind.ONE, false, true, "VALUE", ""),
            text -> text));
  }

  /** Declares an option without a value, which the help leaves out. */
  public Argument<Boolean> hiddenFlag(String... names) {
    return option(
        Argument.one(
            new Argument.Declaration(List.of(names), Argument.Kind.FLAG, false, true, "", ""),
            GoBoolean::read));
  }

  /** Declares an option with a text that can be repeated. */
  public Argument<List<String>> texts(String label, String description, String... names) {
    return option(
        Argument.many(
            new Argument.Declaration(
                List.of(names), Argument.Kind.MANY, false, false, label, description)));
  }

  /** Declares an option whose value is parsed. */
  public <T> Argument<T> value(
      ValueReader<T> reader, String label, String description, String... names) {
    return option(
        Argument.one(
            new Argument.Declaration(
                List.of(names), Argument.Kind.ONE, false, false, label, description),
            reader));
  }

  /** Declares the next parameter, which is required. */
  public Argument<String> parameter(String label, String description) {
    Argument<String> parameter =
        Argument.one(
            new Argument.Declaration(List.of(), Argument.Kind.ONE, true, false, label, description),
            text -> text);
    parameters.add(parameter);
    return parameter;
  }

  /** Declares all remaining parameters. */
  public Argument<List<String>> parameters(boolean oneRequired, String label, String description) {
    Argument<List<String>> parameter =
        Argument.many(
            new Argument.Declaration(
                List.of(), Argument.Kind.MANY, oneRequired, false, label, description));
    parameters.add(parameter);
    return parameter;
  }

  /** Declares all arguments as parameters, including options. */
  public Argument<List<String>> verbatim(String label, String description) {
    verbatim = true;
    return parameters(false, label, description);
  }

  /** Declares an option with which no parameters are required. */
  public void parametersReplacedBy(Argument<?> option) {
    replacement = option;
  }

  /** Whether parameters are required. */
  boolean requiresParameters() {
    return replacement == null || replacement.get() == null;
  }

  /** Ignores all remaining parameters, as the reference does. */
  public void ignoredParameters() {
    ignoresTheRest = true;
  }

  /** Accepts empty names of files, as Go's flags do: for drop-in commands. */
  public void acceptEmptyPaths() {
    takesEmptyPaths = true;
  }

  private static Argument<Boolean> flagOf(List<String> names, String description) {
    return Argument.one(
        new Argument.Declaration(names, Argument.Kind.FLAG, false, false, "", description),
        GoBoolean::read);
  }

  private <T> Argument<T> option(Argument<T> option) {
    options.add(option);
    return option;
  }
}
