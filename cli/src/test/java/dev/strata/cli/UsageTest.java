package dev.strata.cli;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every command reports bad usage the same way, before it does any work. */
final class UsageTest {
  private static final Set<String> PLACES =
      Set.of("IMAGE", "SOURCE", "DESTINATION", "A", "B", "REPOSITORY");

  /** All commands but the one whose options are those of another program. */
  static Stream<CommandTable.Entry> commands() {
    return CommandTable.ALL.stream().filter(entry -> !entry.name().equals("skopeo"));
  }

  static Stream<CommandTable.Entry> ownCommands() {
    return commands().filter(entry -> entry.group() != CommandTable.Group.DROP_IN);
  }

  /** Runs a command with an option and enough parameters. */
  private static Outcome run(CommandTable.Entry entry, String... options) {
    List<String> args = new ArrayList<>(List.of(entry.name()));
    for (Argument<?> parameter : entry.make().arguments().parameters()) {
      args.add(PLACES.contains(parameter.declaration().label()) ? "dir:none" : "none");
    }
    args.addAll(List.of(options));
    return strata(args.toArray(String[]::new));
  }

  private static void isBadUsage(CommandTable.Entry entry, String text, String... options) {
    run(entry, options).isBadUsage(entry.usageExitCode(), text);
  }

  private static List<Argument.Declaration> options(CommandTable.Entry entry) {
    Command command = entry.make();
    return command.arguments().options().stream()
        .<Argument.Declaration>map(Argument::declaration)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("ownCommands")
  void ownCommandsHaveAnExitCodeForIt(CommandTable.Entry entry) {
    assertEquals(2, entry.usageExitCode());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void unknownOptions(CommandTable.Entry entry) {
    isBadUsage(entry, "unknown option '--no-such-option'", "--no-such-option");
    isBadUsage(entry, "unknown option '--no-such-option'", "--no-such-option=1");
    isBadUsage(entry, "unknown option '-Z'", "-Z");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void optionsWithoutTheirValue(CommandTable.Entry entry) {
    for (Argument.Declaration d : options(entry)) {
      if (d.kind() == Argument.Kind.ONE || d.kind() == Argument.Kind.MANY) {
        for (String name : d.names()) {
          isBadUsage(entry, "requires a value", name);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void valuesThatFlagsCannotHave(CommandTable.Entry entry) {
    for (Argument.Declaration d : options(entry)) {
      if (d.kind() == Argument.Kind.FLAG || d.kind() == Argument.Kind.SWITCH) {
        isBadUsage(entry, d.names().getLast(), d.names().getLast() + "=maybe");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void numbersThatAreNone(CommandTable.Entry entry) {
    for (Argument.Declaration d : options(entry)) {
      if (Set.of("N", "BYTES", "PORT").contains(d.label()) && !d.names().contains("--layer")) {
        String name = d.names().getLast();
        for (String value : List.of("x", "", "1.5", "9999999999999999999x", " 1")) {
          isBadUsage(entry, name, name + "=" + value);
        }
        // The reference takes any number here.
        if (entry.group() != CommandTable.Group.DROP_IN) {
          isBadUsage(entry, name, name + "=-1");
        }
      }
      if (d.label().equals("TIME")) {
        String name = d.names().getLast();
        isBadUsage(entry, name, name + "=soon");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void wordsThatAreNotAmongTheValues(CommandTable.Entry entry) {
    for (Argument<?> option : entry.make().arguments().options()) {
      String name = option.declaration().names().getLast();
      boolean isOpen = Set.of("OS", "ARCH").contains(option.declaration().label());
      if (!option.suggestions().isEmpty() && !isOpen && !entry.name().equals("inspect")) {
        isBadUsage(entry, name, name + "=nonsense");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void missingParameters(CommandTable.Entry entry) {
    Command command = entry.make();
    List<Argument<?>> parameters = command.arguments().parameters();
    boolean required = parameters.stream().anyMatch(p -> p.declaration().required());
    if (required) {
      strata(entry.name()).isBadUsage(entry.usageExitCode(), "missing argument");
    }
  }

  @ParameterizedTest
  @MethodSource("ownCommands")
  void tooManyParameters(CommandTable.Entry entry) {
    List<Argument<?>> parameters = entry.make().arguments().parameters();
    boolean many =
        !parameters.isEmpty() && parameters.getLast().declaration().kind() == Argument.Kind.MANY;
    if (!many) {
      isBadUsage(entry, "unexpected argument 'more'", "more");
    }
  }

  @ParameterizedTest
  @MethodSource("ownCommands")
  void placesWithAnUnknownTransport(CommandTable.Entry entry) {
    List<Argument<?>> parameters = entry.make().arguments().parameters();
    for (int i = 0; i < parameters.size(); i++) {
      String label = parameters.get(i).declaration().label();
      if (!PLACES.contains(label) || entry.name().equals("serve")) {
        continue;
      }
      List<String> args = new ArrayList<>(List.of(entry.name()));
      for (int j = 0; j < parameters.size(); j++) {
        args.add(i == j ? "ftp:nothing" : "dir:none");
      }
      strata(args.toArray(String[]::new)).isBadUsage(2, "unknown transport");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nosuchcommand                                        | unknown command",
        "--nosuchoption                                       | unknown option",
        "--debug=maybe build                                  | --debug",
        "help nosuchcommand                                   | unknown command",
        "completion tcsh                                      | bash, zsh or fish",
        "build                                                | nothing to build",
        "build . -o - --json                                  | -o - and --json",
        "build . -o - --compressor gzip                       | --compressor",
        "build . -o - --platform linux/amd64,linux/arm64      | several platforms",
        "build . --compressor lz4                             | --compressor",
        "build . --compressor gzip --compression-level 30     | --compression-level",
        "build . --compression-level 3                        | --compressor",
        "build . --quiet --json                               | cannot be combined",
        "build . --platform toaster                           | --platform",
        "build . --to image.json                              | --to",
        "build . --from ftp:x                                 | --from",
        "build . --env NAME                                   | --env",
        "build . --port notaport                              | --port",
        "build . --created yesterday                          | --created",
        "build . --max-layers 0                               | --max-layers",
        "build . --jobs 0                                     | --jobs",
        "build . --jobs -3                                    | --jobs",
        "build . --exclude x                                  | --add",
        "build --add nothing                                  | --add",
        "build . --add-user me                                | --add-user",
        "copy dir:a dir:b --dest-compress-format lz4          | --dest-compress-format",
        "copy dir:a dir:b --dest-compress-level 99            | --dest-compress-level",
        "copy dir:a dir:b --format v1                         | --format",
        "copy dir:a dir:b --parallel 0                        | --parallel",
        "copy dir:a dir:b --chunk-size -1                     | --chunk-size",
        "copy dir:a dir:b --multi-arch some                   | --multi-arch",
        "copy dir:a dir:b --multi-arch linux/                 | --multi-arch",
        "copy dir:a dir:b --all --multi-arch system           | cannot be combined",
        "copy dir:a dir:b --dest-compress --dest-decompress   | cannot be combined",
        "copy dir:a dir:b --preserve-digests --format oci     | cannot be combined",
        "copy dir:a dir:b --attach-sbom csv                   | --attach-sbom",
        "copy dir:a dir:b --attestation                       | --attestation",
        "copy dir:a dir:b --referrers                         | --referrers",
        "copy dir:a oci:b --format v2s2                       | --format",
        "copy dir:a dir:b --reuse-from x                      | --reuse-from",
        "copy dir:a docker://h/a:1 --reuse-from NOT/valid     | --reuse-from",
        "copy dir:a dir:b --sign-by me                        | not supported",
        "copy dir:a docker://h/a:1 --dest-username a --dest-creds b:c | cannot be combined",
        "build --copy-to-root . --to docker://h/a:1 --dest-no-creds --dest-creds b:c | cannot be"
            + " combined",
        "copy dir:a docker:b                                  | docker://",
        "copy dir:a docker://UPPER/case                       | UPPER",
        "pull dir:a folder --parallel 0                       | --parallel",
        "inspect dir:a --compressor lz4                       | --compressor",
        "inspect dir:a --raw --format {{.Name}}               | cannot be combined",
        "inspect dir:a --referrers --raw                      | cannot be combined",
        "diff dir:a dir:b --json --markdown                   | cannot be combined",
        "diff dir:a dir:b --limit -1                          | --limit",
        "why dir:a b --limit 0                                | --limit",
        "sbom dir:a --format csv                              | --format",
        "sbom dir:a --name NOT/valid:                         | --name",
        "serve a.json --port 70000                            | --port",
        "serve a.json --name a --name b                       | --name",
        "serve a.json --name NOT/valid                        | --name",
        "attach a.json dir:a                                  | docker://",
        "attach a.json oci:a --attestation --type x/y         | cannot be combined",
        "list-tags docker://a/b:1                             | tag",
        "list-tags dir:a                                      | docker://",
        "index all.json a.json --annotation x                 | --annotation",
        "manifest ''                                          | must not be empty",
      })
  void badValuesAndContradictions(String line, String text) {
    String[] args = line.strip().replace("''", "").split(" ", -1);

    Outcome outcome = strata(args);

    assertEquals(2, outcome.exit(), outcome.err());
    outcome.isBadUsage(2, text.strip());
    assertTrue(outcome.err().length() < 400, outcome.err());
  }
}
