package dev.strata.cli.packing;

import dev.strata.cli.CommandTable;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import java.util.LinkedHashSet;
import java.util.Set;

/** Writes the completion script of the fish shell. */
final class FishCompletion {
  private static final String HEAD =
      """
      # fish completion for strata

      # Prints the command on the line; fails if there is none yet.
      function __strata_command
          for word in (commandline -opc)[2..]
              if not string match -q -- '-*' $word
                  echo $word
                  return
              end
          end
          return 1
      end

      function __strata_no_command
          not __strata_command >/dev/null
      end

      # Whether a command is on the line, without any of some options.
      function __strata_is
          set -l command (__strata_command)
          test "$command" = $argv[1]; or return
          for word in (commandline -opc)[2..]
              contains -- (string replace -r '=.*' '' -- $word) $argv[2..]; and return 1
          end
          return 0
      end

      # The same for options with a value, which may be what is completed.
      function __strata_takes
          __strata_is $argv; and return
          set -l last (commandline -opc)[-1]
          contains -- $last $argv[2..]; and __strata_is $argv[1]
      end

      # Prints places: transports, or what follows them; files, too, if the first argument is files.
      function __strata_places
          set -l word (string replace -r '^--[^=]*=' '' -- (commandline -ct))
          if set -l transport (string match -r '^(?:@IN_FILES@)' -- $word)
              for file in (__fish_complete_path (string replace -- $transport '' $word))
                  echo $transport$file
              end
          else if not string match -qr '^(?:@NAMED@)' -- $word
              printf '%s\\n' $argv[2..]
              test $argv[1] = files; and __fish_complete_path $word
          end
      end

      complete -c strata -f
      """;

  private FishCompletion() {}

  static String script() {
    StringBuilder script =
        new StringBuilder(
            HEAD.replace("@IN_FILES@", String.join("|", Completion.IN_FILES))
                .replace("@NAMED@", String.join("|", Completion.NAMED)));
    String none = "__strata_no_command";
    line(script, none, " -s h -l help", "Show the help");
    line(script, none, " -s V -l version", "Show the version");
    line(script, none, " -s d -l debug", "Show stack traces of errors");
    line(script, none, " -a help", "Show the help of a command");
    for (CommandTable.Entry entry : CommandTable.ALL) {
      line(script, none, " -a " + entry.name(), entry.summary());
      line(script, "__strata_is help", " -a " + entry.name(), entry.summary());
    }
    for (CommandTable.Entry entry : CommandTable.ALL) {
      add(script, entry.make());
    }
    return script.toString();
  }

  private static void add(StringBuilder script, Command command) {
    String condition = "__strata_is " + command.name();
    String takes = "__strata_takes " + command.name();
    for (Argument<?> option : Completion.options(command)) {
      Argument.Declaration d = option.declaration();
      String unlessGiven = d.kind() == Argument.Kind.MANY ? "" : " " + String.join(" ", d.names());
      switch (d.kind()) {
        case FLAG, SWITCH -> line(script, condition + unlessGiven, names(d), d.description());
        case ONE, MANY ->
            line(script, takes + unlessGiven, names(d) + " -r" + value(option), d.description());
      }
    }
    Set<String> values = new LinkedHashSet<>();
    for (Argument<?> parameter : command.arguments().parameters()) {
      values.add(value(parameter));
    }
    values.remove(" -f");
    for (String value : values) {
      script.append("complete -c strata -n '").append(condition).append('\'').append(value);
      script.append('\n');
    }
  }

  private static String names(Argument.Declaration d) {
    StringBuilder names = new StringBuilder();
    for (String name : d.names()) {
      names.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
    }
    return names.toString();
  }

  private static String value(Argument<?> argument) {
    Completion completion = Completion.of(argument);
    return switch (completion.kind()) {
      case NONE, TEXT -> " -f";
      case WORDS -> " -f -a '" + String.join(" ", completion.values()) + "'";
      case FILE -> " -F";
      case FOLDER -> " -f -a '(__fish_complete_directories)'";
      case SOURCE ->
          " -f -a '(__strata_places files " + String.join(" ", Completion.transports()) + ")'";
      case PLACE ->
          " -f -a '(__strata_places only " + String.join(" ", Completion.transports()) + ")'";
      case REPOSITORY ->
          " -f -a '(__strata_places only " + String.join(" ", Completion.OF_REPOSITORIES) + ")'";
    };
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
