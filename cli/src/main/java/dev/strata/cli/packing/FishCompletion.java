package dev.strata.cli.packing;

import dev.strata.cli.CommandTable;
import picocli.CommandLine.Model.OptionSpec;

/** Writes the completion script of the fish shell. */
final class FishCompletion {
  private FishCompletion() {}

  static String script() {
    StringBuilder script = new StringBuilder("# fish completion for strata\n");
    String none = "__fish_use_subcommand";
    line(script, none, " -f -s h -l help", "Show the help");
    line(script, none, " -f -s V -l version", "Show the version");
    line(script, none, " -f -a help", "Show the help of a command");
    for (CommandTable.Entry entry : CommandTable.ALL) {
      line(script, none, " -f -a " + entry.name(), entry.summary());
    }
    for (CommandTable.Entry entry : CommandTable.ALL) {
      String condition = "__fish_seen_subcommand_from " + entry.name();
      for (OptionSpec option : HelpModel.of(entry.make()).options()) {
        if (!option.hidden()) {
          line(script, condition, names(option), String.join(" ", option.description()));
        }
      }
    }
    return script.toString();
  }

  private static String names(OptionSpec option) {
    StringBuilder names = new StringBuilder();
    for (String name : option.names()) {
      names.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }
    return names.append(option.arity().max() > 0 ? " -r" : "").toString();
  }

  private static void line(
      StringBuilder script, String condition, String what, String description) {
    script
        .append("complete -c strata -n '")
        .append(condition)
        .append('\'')
        .append(what)
        .append(" -d '")
        .append(description.replace("\\", "\\\\").replace("'", "\\'"))
        .append("'\n");
  }
}
