package dev.strata.cli;

import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Declares the options and parameters of one command. */
final class Arguments {
  private static final int LAST = 1000;

  private final CommandSpec spec;

  Arguments(CommandSpec spec) {
    this.spec = spec;
  }

  /** The options of every command, which the help shows last; returns the one for debugging. */
  Argument<Boolean> common() {
    spec.addOption(
        option(Boolean.class, "-h", "--help")
            .arity("0")
            .usageHelp(true)
            .order(LAST)
            .description("Show this help.")
            .build());
    return debug();
  }

  /** The option for debugging. */
  Argument<Boolean> debug() {
    return add(
        option(Boolean.class, "-d", "--debug")
            .arity("0")
            .order(LAST + 1)
            .description("Show the stack trace of an error."));
  }

  /** An option without a value. */
  Argument<Boolean> flag(String description, String... names) {
    return add(option(Boolean.class, names).arity("0").description(description));
  }

  /** An option without a value that the help does not show. */
  Argument<Boolean> hiddenFlag(String... names) {
    return add(option(Boolean.class, names).arity("0").hidden(true));
  }

  /** An option with a text, such as a file name. */
  Argument<String> text(String label, String description, String... names) {
    return add(option(String.class, names).arity("1").paramLabel(label).description(description));
  }

  /** An option with a text that may be given several times. */
  Argument<List<String>> texts(String label, String description, String... names) {
    return add(
        option(List.class, names)
            .auxiliaryTypes(String.class)
            .arity("1")
            .paramLabel(label)
            .description(description));
  }

  /** An option whose value is read by a converter. */
  <T> Argument<T> value(
      Class<T> type,
      ITypeConverter<T> converter,
      String label,
      String description,
      String... names) {
    return add(
        option(type, names)
            .converters(converter)
            .arity("1")
            .paramLabel(label)
            .description(description));
  }

  /** A parameter that must be there. */
  Argument<String> parameter(int index, String label, String description) {
    return add(
        PositionalParamSpec.builder()
            .index(Integer.toString(index))
            .arity("1")
            .required(true)
            .type(String.class)
            .paramLabel(label)
            .description(description));
  }

  /** All parameters from an index on. */
  Argument<List<String>> parameters(
      int from, boolean oneRequired, String label, String description) {
    return add(
        PositionalParamSpec.builder()
            .index(from + "..*")
            .arity(oneRequired ? "1..*" : "0..*")
            .required(oneRequired)
            .type(List.class)
            .auxiliaryTypes(String.class)
            .paramLabel(label)
            .description(description));
  }

  /** Takes and drops all parameters from an index on, as the reference does. */
  void ignoredParameters(int from) {
    spec.addPositional(
        PositionalParamSpec.builder()
            .index(from + "..*")
            .arity("0..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .hidden(true)
            .build());
  }

  private static OptionSpec.Builder option(Class<?> type, String... names) {
    return OptionSpec.builder(names[0], java.util.Arrays.copyOfRange(names, 1, names.length))
        .type(type);
  }

  private <T> Argument<T> add(OptionSpec.Builder option) {
    OptionSpec built = option.build();
    spec.addOption(built);
    return new Argument<>(built);
  }

  private <T> Argument<T> add(PositionalParamSpec.Builder parameter) {
    PositionalParamSpec built = parameter.build();
    spec.addPositional(built);
    return new Argument<>(built);
  }
}
