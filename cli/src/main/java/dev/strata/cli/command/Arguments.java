package dev.strata.cli.command;

import java.util.ArrayList;
import java.util.List;

/** Declares the options and parameters of one command. */
public final class Arguments {
  private final List<Argument<?>> options = new ArrayList<>();
  private final List<Argument<?>> parameters = new ArrayList<>();
  private final Argument<Boolean> help = flagOf(List.of("-h", "--help"), "Show this help.");
  private final Argument<Boolean> debug =
      flagOf(List.of("-d", "--debug"), "Show the stack trace of an error.");
  private boolean ignoresTheRest;
  private boolean verbatim;

  /** The options, those of every command last. */
  public List<Argument<?>> options() {
    if (verbatim) {
      return List.of();
    }
    List<Argument<?>> all = new ArrayList<>(options);
    all.add(help);
    all.add(debug);
    return all;
  }

  /** The parameters in their order; only the last may take many. */
  public List<Argument<?>> parameters() {
    return parameters;
  }

  /** Whether parameters that are too many are taken and dropped. */
  public boolean ignoresTheRest() {
    return ignoresTheRest;
  }

  /** Whether every argument is a parameter, even if it looks like an option. */
  public boolean verbatim() {
    return verbatim;
  }

  /** The option that asks for the help. */
  public Argument<Boolean> help() {
    return help;
  }

  /** The option for debugging. */
  public Argument<Boolean> debug() {
    return debug;
  }

  /** An option without a value. */
  public Argument<Boolean> flag(String description, String... names) {
    return option(flagOf(List.of(names), description));
  }

  /** An option that says true or false; without a value, true. */
  public Argument<Boolean> choice(String description, String... names) {
    return option(
        Argument.one(
            new Argument.Declaration(
                List.of(names), Argument.Kind.SWITCH, false, false, "BOOL", description),
            GoBoolean::read));
  }

  /** An option with a text, such as a file name. */
  public Argument<String> text(String label, String description, String... names) {
    return value(text -> text, label, description, names);
  }

  /** An option with a text that the help does not show. */
  public Argument<String> hiddenText(String... names) {
    return option(
        Argument.one(
            new Argument.Declaration(List.of(names), Argument.Kind.ONE, false, true, "VALUE", ""),
            text -> text));
  }

  /** An option with a text that may be given several times. */
  public Argument<List<String>> texts(String label, String description, String... names) {
    return option(
        Argument.many(
            new Argument.Declaration(
                List.of(names), Argument.Kind.MANY, false, false, label, description)));
  }

  /** An option whose value is read by a reader. */
  public <T> Argument<T> value(
      ValueReader<T> reader, String label, String description, String... names) {
    return option(
        Argument.one(
            new Argument.Declaration(
                List.of(names), Argument.Kind.ONE, false, false, label, description),
            reader));
  }

  /** The next parameter, which must be there. */
  public Argument<String> parameter(String label, String description) {
    Argument<String> parameter =
        Argument.one(
            new Argument.Declaration(List.of(), Argument.Kind.ONE, true, false, label, description),
            text -> text);
    parameters.add(parameter);
    return parameter;
  }

  /** All parameters that are left. */
  public Argument<List<String>> parameters(boolean oneRequired, String label, String description) {
    Argument<List<String>> parameter =
        Argument.many(
            new Argument.Declaration(
                List.of(), Argument.Kind.MANY, oneRequired, false, label, description));
    parameters.add(parameter);
    return parameter;
  }

  /** All arguments as they are, options too. */
  public Argument<List<String>> verbatim(String label, String description) {
    verbatim = true;
    return parameters(false, label, description);
  }

  /** Takes and drops all parameters that are left, as the reference does. */
  public void ignoredParameters() {
    ignoresTheRest = true;
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
