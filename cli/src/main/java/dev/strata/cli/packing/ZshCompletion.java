package dev.strata.cli.packing;

import dev.strata.cli.CommandTable;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import java.util.List;

/** Writes the completion script of zsh, for its own completion system. */
final class ZshCompletion {
  private static final String HEAD =
      """
      #compdef strata
      # zsh completion for strata

      _strata_commands() {
        local -a commands=(
      """;

  private static final String MIDDLE =
      """
          'help:Show the help of a command'
        )
        _describe -t commands command commands
      }

      # Completes transports, or what follows them.
      _strata_places() {
        if compset -P '(@IN_FILES@)'; then
          _files
        elif compset -P '(@NAMED@)'; then
          _message 'name of the image'
        else
          local expl
          _wanted transports expl transport compadd -S '' -- "$@"
        fi
      }

      _strata_images() {
        _strata_places @TRANSPORTS@
      }

      _strata_repositories() {
        _strata_places @REPOSITORIES@
      }

      _strata_sources() {
        _strata_images
        [[ -n $IPREFIX && $IPREFIX == *: ]] || _files
      }

      _strata() {
        local curcontext=$curcontext state line
        typeset -A opt_args
        _arguments -C \\
          '(- *)'{-h,--help}'[Show the help]' \\
          '(- *)'{-V,--version}'[Show the version]' \\
          '(-d --debug)'{-d,--debug}'[Show stack traces of errors]' \\
          '1: :_strata_commands' \\
          '*:: :->arguments'
        [[ $state == arguments ]] || return
        curcontext=${curcontext%:*}-$words[1]:
        case $words[1] in
          help) _arguments '1: :_strata_commands' ;;
      """;

  private static final String TAIL =
      """
        esac
      }

      if [[ $funcstack[1] == _strata ]]; then
        _strata "$@"
      else
        (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
        compdef _strata strata
      fi
      """;

  private ZshCompletion() {}

  static String script() {
    StringBuilder script = new StringBuilder(HEAD);
    for (CommandTable.Entry entry : CommandTable.ALL) {
      script.append("    ").append(quote(entry.name() + ":" + entry.summary())).append('\n');
    }
    script.append(MIDDLE);
    for (CommandTable.Entry entry : CommandTable.ALL) {
      Command command = entry.make();
      script.append("    ").append(entry.name()).append(")\n      _arguments -s -S");
      for (Argument<?> option : Completion.options(command)) {
        for (String spec : option(option)) {
          script.append(" \\\n        ").append(spec);
        }
      }
      int number = 1;
      for (Argument<?> parameter : command.arguments().parameters()) {
        boolean all = parameter.declaration().kind() == Argument.Kind.MANY;
        script
            .append(" \\\n        ")
            .append(quote((all ? "*" : number++) + ":" + value(parameter)));
      }
      script.append("\n      ;;\n");
    }
    return script
        .append(TAIL)
        .toString()
        .replace("@TRANSPORTS@", String.join(" ", Completion.transports()))
        .replace("@REPOSITORIES@", String.join(" ", Completion.OF_REPOSITORIES))
        .replace("@IN_FILES@", String.join("|", Completion.IN_FILES))
        .replace("@NAMED@", String.join("|", Completion.NAMED));
  }

  /** Returns the specification of each name of an option, of which one excludes the others. */
  private static List<String> option(Argument<?> option) {
    Argument.Declaration d = option.declaration();
    String all = String.join(" ", d.names());
    String before = d.kind() == Argument.Kind.MANY ? "*" : "(" + all + ")";
    String text = "[" + d.description().replaceAll("([\\[\\]\\\\])", "\\\\$1") + "]";
    return d.names().stream()
        .map(name -> {
          boolean isLong = name.startsWith("--");
          return switch (d.kind()) {
            case FLAG -> quote(before + name + text);
            case SWITCH -> quote(before + name + "=-" + text + "::" + value(option));
            case ONE, MANY ->
                quote(before + name + (isLong ? "=" : "+") + text + ":" + value(option));
          };
        })
        .toList();
  }

  /** Returns the message about a value, and how it is completed. */
  private static String value(Argument<?> argument) {
    Completion completion = Completion.of(argument);
    String action =
        switch (completion.kind()) {
          case NONE, TEXT -> " ";
          case WORDS -> "(" + String.join(" ", completion.values()).replace(":", "\\:") + ")";
          case FILE -> "_files";
          case FOLDER -> "_files -/";
          case SOURCE -> " _strata_sources";
          case PLACE -> " _strata_images";
          case REPOSITORY -> " _strata_repositories";
        };
    return argument.declaration().label().replace(":", "\\:") + ":" + action;
  }

  private static String quote(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
