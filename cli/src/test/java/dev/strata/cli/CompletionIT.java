package dev.strata.cli;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strata.cli.command.ExternalProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the shells themselves complete with the scripts, in a folder with files. */
final class CompletionIT {
  private static final List<String> TRANSPORTS =
      List.of(
          "containers-storage:",
          "dir:",
          "docker-archive:",
          "docker-daemon:",
          "docker://",
          "nix:",
          "oci-archive:",
          "oci:");

  @TempDir private Path directory = Path.of("");

  /** A shell, and the words that start a script with the arguments SCRIPT and LINE. */
  enum Shell {
    BASH(
        """
        source "$1"
        # Splits a line into words as bash does.
        line=$2 COMP_WORDS=() word=
        for ((i = 0; i < ${#line}; i++)); do
          c=${line:i:1}
          case $c in
            ' ') [[ $word ]] && COMP_WORDS+=("$word"); word= ;;
            [:=])
              [[ $word && $word != *[:=] ]] && { COMP_WORDS+=("$word"); word=; }
              word+=$c
              ;;
            \\\\) word+=$c${line:i + 1:1} && ((i++)) ;;
            *) [[ $word == *[:=] ]] && { COMP_WORDS+=("$word"); word=; }; word+=$c ;;
          esac
        done
        COMP_WORDS+=("$word")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$line COMP_POINT=${#line}
        COMPREPLY=()
        _strata
        # What readline shows in place of the last part of the word.
        last=${line##* }
        [[ $word == [:=]* ]] && word=
        [[ $line == *\\\\\\ * ]] && last=
        for reply in "${COMPREPLY[@]}"; do
          printf '%s\\n' "${last%"$word"}${reply//\\\\/}"
        done
        """,
        "bash", "--norc", "-c"),
    ZSH(
        """
        zmodload zsh/zpty
        zpty z zsh -f -i
        zpty -w z 'PS1=; autoload -Uz compinit; compinit -D; source "'$1'"'
        zpty -w z 'compadd() {
          if [[ ${@[(I)-(O|A|D)]} -gt 0 ]]; then builtin compadd "$@"; return; fi
          local -a hits
          builtin compadd -A hits "$@"
          for hit in $hits; do print -r -- "<hit>$IPREFIX$hit<end>"; done
          builtin compadd "$@"
        }
        zle -C complete-word complete-word complete_and_say
        complete_and_say() { _main_complete; print -r -- "<all>"; }
        bindkey "^I" complete-word
        print "<re""ady>"'
        while zpty -r z line; do [[ $line == *"<ready>"* ]] && break; done
        zpty -n -w z "$2"$'\\t'
        while zpty -r z line; do
          [[ $line == *"<hit>"* ]] && print -r -- ${${${line#*<hit>}%%<end>*}//\\\\/}
          [[ $line == *"<all>"* ]] && break
        done
        zpty -d z
        """,
        "zsh", "-f", "-c"),
    FISH(
        """
        source $argv[1]
        complete -C $argv[2] | string replace -r '\\t.*' ''
        """,
        "fish",
        "--no-config",
        "-c");

    private final String text;
    private final List<String> command;

    Shell(String text, String... command) {
      this.text = text;
      this.command = List.of(command);
    }

    ProcessBuilder builder(Path script, String line) {
      List<String> words = new ArrayList<>(command);
      words.add(text);
      if (this != FISH) {
        words.add(command.getFirst());
      }
      words.add(script.toString());
      words.add(line);
      return new ProcessBuilder(words);
    }

    String shellName() {
      return command.getFirst();
    }
  }

  @BeforeEach
  void prepare() throws IOException {
    for (String file : List.of("image.json", "my image.json", "doc")) {
      Files.createFile(directory.resolve(file));
    }
    Files.createDirectory(directory.resolve("app"));
  }

  /** Returns what a shell offers for the last word of a line, sorted, without ends of folders. */
  private List<String> complete(Shell shell, String line) throws IOException, InterruptedException {
    boolean found = ExternalProgram.find(shell.shellName(), System.getenv()).isPresent();
    assumeTrue(
        found || Boolean.getBoolean("strata.requireTools"), shell.shellName() + " is missing");
    Path script = Files.createTempFile("strata-completion", "." + shell.shellName());
    try {
      Files.writeString(script, strata("completion", shell.shellName()).succeeds().out());
      ProcessBuilder builder = shell.builder(script, line).directory(directory.toFile());
      builder.environment().put("TERM", "xterm");
      builder.environment().put("COLUMNS", "200");
      Outcome outcome = PackedProgram.finish(builder);
      assertEquals("", outcome.err());
      TreeSet<String> all = new TreeSet<>();
      outcome.out().lines().map(l -> l.replaceFirst("([^/])/$", "$1")).forEach(all::add);
      return List.copyOf(all);
    } finally {
      Files.delete(script);
    }
  }

  @ParameterizedTest
  @EnumSource
  void completesCommands(Shell shell) throws IOException, InterruptedException {
    assertEquals(List.of("build"), complete(shell, "strata b"));
    assertEquals(List.of("inspect"), complete(shell, "strata --debug ins"));
    assertEquals(List.of("completion", "copy"), complete(shell, "strata help co"));
    assertTrue(complete(shell, "strata ").containsAll(CommandTable.names()));
  }

  @ParameterizedTest
  @EnumSource
  void completesOptionsThatAreNotGivenYet(Shell shell) throws IOException, InterruptedException {
    assertEquals(
        List.of("--compression-level", "--compressor"), complete(shell, "strata build --comp"));
    assertEquals(List.of(), complete(shell, "strata copy --all --al"));
    assertEquals(List.of(), complete(shell, "strata copy -a --al"));
    assertEquals(List.of(), complete(shell, "strata sbom --format=spdx image.json --form"));
    assertEquals(List.of("--entrypoint", "--env"), complete(shell, "strata build -e A=b --en"));
  }

  @ParameterizedTest
  @EnumSource
  void completesValues(Shell shell) throws IOException, InterruptedException {
    List<String> compressors = List.of("gzip", "zstd", "zstd:chunked");
    assertEquals(compressors, complete(shell, "strata build --compressor "));
    assertEquals(compressors.subList(1, 3), complete(shell, "strata inspect --compressor z"));
    assertEquals(List.of("zstd:chunked"), complete(shell, "strata build --compressor zstd:c"));
    assertEquals(List.of("cyclonedx", "spdx"), complete(shell, "strata sbom -f "));
    assertEquals(List.of("cyclonedx", "spdx"), complete(shell, "strata sbom --format "));
    assertEquals(List.of("--format=spdx"), complete(shell, "strata sbom --format=s"));
    assertEquals(List.of("v2s2"), complete(shell, "strata copy --format v"));
    assertEquals(List.of("bash", "fish", "zsh"), complete(shell, "strata completion "));
    assertEquals(List.of(), complete(shell, "strata build --max-layers "));
  }

  @ParameterizedTest
  @EnumSource
  void completesFilesAndFolders(Shell shell) throws IOException, InterruptedException {
    assertEquals(List.of("image.json"), complete(shell, "strata build -o im"));
    assertEquals(List.of("my image.json"), complete(shell, "strata tar my"));
    assertEquals(List.of("my image.json"), complete(shell, "strata build --config my"));
    assertEquals(List.of("app"), complete(shell, "strata sbom --tmpdir "));
    assertEquals(List.of("app"), complete(shell, "strata build a"));
  }

  @ParameterizedTest
  @EnumSource
  void completesTransportsAndWhatFollows(Shell shell) throws IOException, InterruptedException {
    List<String> docker = List.of("docker-archive:", "docker-daemon:", "docker://");
    List<String> withFile = new ArrayList<>(docker);
    withFile.addFirst("doc");

    List<String> sources = complete(shell, "strata copy ");
    assertTrue(sources.containsAll(TRANSPORTS), sources::toString);
    assertTrue(sources.containsAll(List.of("image.json", "my image.json")), sources::toString);
    assertEquals(sorted(withFile), complete(shell, "strata copy do"));
    assertEquals(List.of("docker://"), complete(shell, "strata copy image.json docker:"));
    assertEquals(List.of("docker://"), complete(shell, "strata copy image.json docker:/"));
    assertEquals(List.of("oci:app"), complete(shell, "strata copy oci:a"));
    assertEquals(List.of("nix:my image.json"), complete(shell, "strata inspect nix:my"));
    assertEquals(List.of(), complete(shell, "strata copy docker://a"));
    assertEquals(docker, complete(shell, "strata build --to do"));
    assertEquals(List.of("oci:app"), complete(shell, "strata build --from oci:a"));
    assertEquals(List.of("--from=oci:app"), complete(shell, "strata build --from=oci:a"));
    assertEquals(List.of("docker-archive:", "docker://"), complete(shell, "strata list-tags "));
  }

  private static List<String> sorted(List<String> list) {
    List<String> copy = new ArrayList<>(list);
    Collections.sort(copy);
    return copy;
  }

  @Test
  void bashCompletesNamesWithEscapes() throws IOException, InterruptedException {
    assertEquals(List.of("my image.json"), complete(Shell.BASH, "strata tar my\\ im"));
  }
}
