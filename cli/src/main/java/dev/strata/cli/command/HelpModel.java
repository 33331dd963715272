package dev.strata.cli.command;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Declared commands as picocli models them, which prints their help. */
final class HelpModel {
  private HelpModel() {}

  /**
   * Models a command.
   *
   * @param sorted whether its options stand in the order of the alphabet, not in their own
   */
  public static CommandSpec of(
      String name,
      List<String> description,
      Arguments arguments,
      List<String> footer,
      boolean sorted) {
    CommandSpec spec = CommandSpec.create().name("strata " + name);
    spec.usageMessage()
        .descriptionHeading("%n")
        .parameterListHeading("%nArguments:%n")
        .optionListHeading("%nOptions:%n")
        .footerHeading("%n")
        .description(description.toArray(String[]::new))
        .footer(footer.toArray(String[]::new))
        .sortOptions(sorted);
    int order = 0;
    for (Argument<?> option : arguments.options()) {
      spec.addOption(option(option.declaration(), order++));
    }
    List<Argument<?>> parameters = arguments.parameters();
    for (int i = 0; i < parameters.size(); i++) {
      spec.addPositional(parameter(i, parameters.get(i).declaration()));
    }
    return spec;
  }

  private static OptionSpec option(Argument.Declaration d, int order) {
    OptionSpec.Builder option =
        OptionSpec.builder(d.names().toArray(String[]::new))
            .order(order)
            .hidden(d.hidden())
            .description(d.description());
    return switch (d.kind()) {
      case FLAG -> option.type(Boolean.class).arity("0").build();
      case SWITCH ->
          option
              .type(Boolean.class)
              .arity("0..1")
              .fallbackValue("true")
              .paramLabel(d.label())
              .build();
      case ONE -> option.type(String.class).arity("1").paramLabel(d.label()).build();
      case MANY ->
          option
              .type(List.class)
              .auxiliaryTypes(String.class)
              .arity("1")
              .paramLabel(d.label())
              .build();
    };
  }

  private static PositionalParamSpec parameter(int index, Argument.Declaration d) {
    PositionalParamSpec.Builder parameter =
        PositionalParamSpec.builder()
            .required(d.required())
            .paramLabel(d.label())
            .description(d.description());
    if (d.kind() == Argument.Kind.MANY) {
      return parameter
          .index(index + "..*")
          .arity(d.required() ? "1..*" : "0..*")
          .type(List.class)
          .auxiliaryTypes(String.class)
          .build();
    }
    return parameter.index(Integer.toString(index)).arity("1").type(String.class).build();
  }
}
