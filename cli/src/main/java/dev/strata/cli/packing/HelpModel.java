package dev.strata.cli.packing;

import static java.util.Locale.ROOT;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Converts declared commands to the model of picocli, which renders their help. */
final class HelpModel {
  private static final String HEADING = "Usage: ";
  private static final int WIDTH = 80;

  private HelpModel() {}

  static CommandSpec of(Command command) {
    CommandSpec spec = CommandSpec.create().name("strata " + command.name());
    spec.usageMessage()
        .customSynopsis(synopsis(command))
        .descriptionHeading("%n")
        .parameterListHeading("%nArguments:%n")
        .footerHeading("%n")
        .description(command.description().toArray(String[]::new))
        .footer(command.footer().toArray(String[]::new))
        .sortOptions(false);
    if (command.dailyOptions().isEmpty()) {
      spec.usageMessage().optionListHeading("%nOptions:%n");
      sorted(command.sortsOptions(), command.arguments().options()).forEach(spec::addOption);
    } else {
      addInTwoGroups(spec, command);
    }
    List<Argument<?>> parameters = command.arguments().parameters();
    for (int i = 0; i < parameters.size(); i++) {
      spec.addPositional(parameter(i, parameters.get(i).declaration()));
    }
    return spec;
  }

  /** The arguments on one line, or on a second one if the name is long. */
  private static String[] synopsis(Command command) {
    StringBuilder arguments = new StringBuilder();
    if (!command.arguments().options().isEmpty()) {
      arguments.append(" [OPTIONS]");
    }
    for (Argument<?> parameter : command.arguments().parameters()) {
      Argument.Declaration d = parameter.declaration();
      String label = d.kind() == Argument.Kind.MANY ? d.label() + "..." : d.label();
      arguments.append(' ').append(d.required() ? label : "[" + label + "]");
    }
    String name = "strata " + command.name();
    boolean fits = HEADING.length() + name.length() + arguments.length() <= WIDTH;
    return fits
        ? new String[] {name + arguments}
        : new String[] {name, " ".repeat(HEADING.length()) + arguments};
  }

  /** Adds the options of every day under the first heading, and the others under another. */
  private static void addInTwoGroups(CommandSpec spec, Command command) {
    List<Argument<?>> others = new ArrayList<>(command.arguments().options());
    List<Argument<?>> daily = new ArrayList<>();
    for (String name : command.dailyOptions()) {
      Argument<?> option =
          others.stream()
              .filter(o -> o.declaration().names().contains(name))
              .findFirst()
              .orElseThrow(() -> new IllegalStateException(command.name() + " has no " + name));
      others.remove(option);
      daily.add(option);
    }
    others.remove(command.arguments().help());
    daily.add(command.arguments().help());
    spec.addArgGroup(group(0, "%nOptions:%n", sorted(false, daily)));
    spec.addArgGroup(group(1, "%nMore options:%n", sorted(true, others)));
  }

  private static ArgGroupSpec group(int order, String heading, List<OptionSpec> options) {
    ArgGroupSpec.Builder group =
        ArgGroupSpec.builder().order(order).heading(heading).validate(false).exclusive(false);
    options.forEach(group::addArg);
    return group.build();
  }

  /** Converts options, in the given order or in that of their names. */
  private static List<OptionSpec> sorted(boolean byName, List<Argument<?>> options) {
    List<Argument<?>> all = new ArrayList<>(options);
    if (byName) {
      all.sort(Comparator.comparing(HelpModel::shownName));
    }
    List<OptionSpec> specs = new ArrayList<>();
    for (Argument<?> option : all) {
      specs.add(option(option.declaration(), specs.size()));
    }
    return specs;
  }

  /** Returns the shortest name, which the help shows first. */
  private static String shownName(Argument<?> option) {
    String name =
        option.declaration().names().stream()
            .min(Comparator.comparingInt(String::length))
            .orElseThrow();
    return name.replaceFirst("^-+", "").toLowerCase(ROOT);
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
