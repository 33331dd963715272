package dev.strata.cli.packing;

import dev.strata.cli.CommandTable;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import java.util.List;
import java.util.Locale;

/**
 * Writes the completion script of bash, from version 3.2, which needs no other scripts. Bash splits
 * words at colons and equals signs; the script joins them again, and returns what replaces the last
 * part.
 */
final class BashCompletion {
  private static final String HEAD =
      """
      # bash completion for strata

      # Sets spec to the arguments of a command, one a line: the names of an option, with a star if
      # it can be repeated, or the number of a parameter, or a star for all that follow; then what
      # the value is.
      _strata_spec() {
        case $1 in
      """;

  private static final String TAIL =
      """
          *) spec= ;;
        esac
      }

      # Sets kind to what the value of an option is.
      _strata_kind() {
        local names
        kind=
        while read -r names kind; do
          case ,${names%\\*}, in
            *,"$1",*) return ;;
          esac
        done <<<"$spec"
        kind=
      }

      # Adds the words among the arguments that start with value.
      _strata_words() {
        local word
        for word in "$@"; do
          [[ $word == "$value"* ]] && found+=("$word")
        done
      }

      # Adds files, or folders with the argument -d, that start with path.
      _strata_files() {
        local file
        while IFS= read -r file; do
          found+=("$before$file")
        done < <(compgen "$1" -- "$path")
        [[ $before ]] || names=filenames
      }

      # Adds places: transports, or what follows them.
      _strata_places() {
        local transport file
        case $value in
          @IN_FILES@)
            path=${value#*:} before=${value%%:*}:
            _strata_files -f
            [[ $COMP_WORDBREAKS == *:* ]] && names=filenames
            return
            ;;
          @NAMED@) return ;;
        esac
        local files=$1
        shift
        _strata_words "$@"
        path=$value
        if [[ ! $files ]]; then
          names=nospace
        elif ((${#found[@]} == 0)); then
          _strata_files -f
        else
          # Readline would quote the transports like files.
          names=nospace
          while IFS= read -r file; do
            printf -v file %q "$file"
            found+=("$file")
          done < <(compgen -f -- "$path")
        fi
      }

      # Adds what the value can be.
      _strata_value() {
        case $1 in
          words\\ *) _strata_words ${1#words } ;;
          file) path=$value && _strata_files -f ;;
          folder) path=$value && _strata_files -d ;;
          source) _strata_places files @TRANSPORTS@ ;;
          place) _strata_places "" @TRANSPORTS@ ;;
          repository) _strata_places "" @REPOSITORIES@ ;;
        esac
      }

      # Adds the options that are not given, or can be repeated.
      _strata_options() {
        local names kind name
        while read -r names kind; do
          [[ $names == -* ]] || continue
          for name in ${names//,/ }; do
            [[ $names == *\\* || $given != *" ${name%\\*} "* ]] || continue 2
          done
          for name in ${names//,/ }; do
            _strata_words "${name%\\*}"
          done
        done <<<"$spec"
      }

      _strata() {
        local rest=$COMP_LINE trimmed word i last=-1
        local -a words=()
        for ((i = 0; i <= COMP_CWORD; i++)); do
          word=${COMP_WORDS[i]}
          trimmed=${rest#"${rest%%[![:space:]]*}"}
          if ((last >= 0)) && [[ $trimmed == "$rest" ]]; then
            words[last]+=$word
          else
            words[++last]=$word
          fi
          rest=${trimmed#"$word"}
        done
        local cur=${words[last]} command= spec= given=" " pending= kind= ended= place=0
        for ((i = 1; i < last; i++)); do
          word=${words[i]}
          if [[ $pending ]]; then
            pending=
          elif [[ ! $command ]]; then
            [[ $word == -* ]] || { command=$word && _strata_spec "$command"; }
          elif [[ ! $ended && $word == -- ]]; then
            ended=yes
          elif [[ ! $ended && $word == -?* ]]; then
            given+="${word%%=*} "
            _strata_kind "${word%%=*}"
            case $word,$kind in
              *=*,* | *,switch | *,none | *,) ;;
              *) pending=$kind ;;
            esac
          else
            ((++place))
          fi
        done

        local -a found=()
        local value=$cur prefix= path= before= names=
        if [[ ! $pending && ! $ended && $cur == --*=* ]]; then
          prefix=${cur%%=*}= value=${cur#*=}
        fi
        value=${value#[\\"\\']}
        value=${value//\\\\/}
        if [[ ! $command ]]; then
          if [[ $cur == -* ]]; then
            _strata_words -h --help -V --version -d --debug
          else
            _strata_words @COMMANDS@ help
          fi
        elif [[ $command == help ]]; then
          ((place == 0)) && _strata_words @COMMANDS@
        elif [[ $pending ]]; then
          _strata_value "$pending"
        elif [[ $prefix ]]; then
          _strata_kind "${prefix%=}"
          [[ $kind == switch ]] && kind="words true false"
          _strata_value "$kind"
        elif [[ ! $ended && $cur == -* ]]; then
          _strata_options
        else
          _strata_kind $((place + 1))
          [[ $kind ]] || _strata_kind +
          _strata_value "$kind"
        fi

        # What bash replaces starts after the last colon or equals sign.
        local part=${COMP_WORDS[COMP_CWORD]} cut
        [[ $part == *[!:=]* ]] || part=
        cut=$((${#cur} - ${#part}))
        COMPREPLY=()
        for word in "${found[@]}"; do
          word=$prefix$word
          COMPREPLY+=("${word:cut}")
        done
        [[ $names ]] && compopt -o "$names" 2>/dev/null
        return 0
      }

      complete -F _strata strata
      """;

  private BashCompletion() {}

  static String script() {
    StringBuilder script = new StringBuilder(HEAD);
    for (CommandTable.Entry entry : CommandTable.ALL) {
      Command command = entry.make();
      script.append("    ").append(entry.name()).append(")\n      spec='\n");
      for (Argument<?> option : Completion.options(command)) {
        boolean repeatable = option.declaration().kind() == Argument.Kind.MANY;
        script
            .append(String.join(",", option.declaration().names()))
            .append(repeatable ? "* " : " ")
            .append(kind(option))
            .append('\n');
      }
      int number = 1;
      for (Argument<?> parameter : command.arguments().parameters()) {
        boolean all = parameter.declaration().kind() == Argument.Kind.MANY;
        script.append(all ? "+" : number++).append(' ').append(kind(parameter)).append('\n');
      }
      script.append("'\n      ;;\n");
    }
    return script
        .append(TAIL)
        .toString()
        .replace("@IN_FILES@", String.join("* | ", Completion.IN_FILES) + "*")
        .replace("@NAMED@", String.join("* | ", Completion.NAMED) + "*")
        .replace("@TRANSPORTS@", String.join(" ", Completion.transports()))
        .replace("@REPOSITORIES@", String.join(" ", Completion.OF_REPOSITORIES))
        .replace(
            "@COMMANDS@",
            String.join(" ", CommandTable.ALL.stream().map(CommandTable.Entry::name).toList()));
  }

  private static String kind(Argument<?> argument) {
    if (argument.declaration().kind() == Argument.Kind.SWITCH) {
      return "switch";
    }
    Completion completion = Completion.of(argument);
    List<String> words = completion.values();
    String name = completion.kind().name().toLowerCase(Locale.ROOT);
    return words.isEmpty() ? name : name + " " + String.join(" ", words);
  }
}
