package dev.strata.cli.packing;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the value of an argument can be, for completion.
 *
 * @param kind the kind of the value
 * @param values the values of the kind {@link Kind#WORDS}
 */
record Completion(Kind kind, List<String> values) {
  /** A kind of value. */
  enum Kind {
    /** There is no value. */
    NONE,
    /** Any text. */
    TEXT,
    /** One of a few words. */
    WORDS,
    FILE,
    FOLDER,
    /** A file, or an image by its transport. */
    SOURCE,
    /** An image by its transport. */
    PLACE,
    /** A repository in a registry, or an archive. */
    REPOSITORY
  }

  /** The transports that are followed by the name of an image. */
  static final List<String> NAMED = List.of("docker://", "docker-daemon:", "containers-storage:");

  /** The transports of repositories, whose tags can be listed. */
  static final List<String> OF_REPOSITORIES = List.of("docker://", "docker-archive:");

  /** The transports that are followed by the name of a folder or file. */
  static final List<String> IN_FILES =
      List.of("oci:", "oci-archive:", "docker-archive:", "dir:", "nix:");

  private static final Map<String, Kind> BY_LABEL =
      Map.ofEntries(
          Map.entry("FILE", Kind.FILE),
          Map.entry("PATH", Kind.FILE),
          Map.entry("TAR", Kind.FILE),
          Map.entry("OUTPUT", Kind.FILE),
          Map.entry("GRAPH", Kind.FILE),
          Map.entry("CONFIG", Kind.FILE),
          Map.entry("LAYERS", Kind.FILE),
          Map.entry("PARENT-LAYERS", Kind.FILE),
          Map.entry("CLOSURE-GRAPH", Kind.FILE),
          Map.entry("MANIFEST", Kind.FILE),
          Map.entry("BLOBS", Kind.FILE),
          Map.entry("SOURCE:TARGET[:KEY=VALUE,...]", Kind.FILE),
          Map.entry("[OS/ARCH[/VARIANT]=]IMAGE", Kind.FILE),
          Map.entry("DIR", Kind.FOLDER),
          Map.entry("DIRECTORY", Kind.FOLDER),
          Map.entry("IMAGE", Kind.SOURCE),
          Map.entry("SOURCE", Kind.SOURCE),
          Map.entry("OTHER", Kind.SOURCE),
          Map.entry("A", Kind.SOURCE),
          Map.entry("B", Kind.SOURCE),
          Map.entry("DESTINATION", Kind.PLACE),
          Map.entry("REPOSITORY", Kind.REPOSITORY));

  static Completion of(Argument<?> argument) {
    Argument.Declaration declared = argument.declaration();
    if (declared.kind() == Argument.Kind.FLAG) {
      return new Completion(Kind.NONE, List.of());
    }
    if (declared.kind() == Argument.Kind.SWITCH) {
      return new Completion(Kind.WORDS, List.of("true", "false"));
    }
    if (!argument.suggestions().isEmpty()) {
      return new Completion(Kind.WORDS, argument.suggestions());
    }
    Kind kind = BY_LABEL.getOrDefault(declared.label(), Kind.TEXT);
    // The value of an option is the repository without a transport.
    boolean plain = kind == Kind.REPOSITORY && !declared.names().isEmpty();
    return new Completion(plain ? Kind.TEXT : kind, List.of());
  }

  /** Returns the options of a command that completion offers. */
  static List<Argument<?>> options(Command command) {
    return command.arguments().options().stream().filter(o -> !o.declaration().hidden()).toList();
  }

  /** The transports of images. */
  static List<String> transports() {
    return Stream.of(NAMED, IN_FILES).flatMap(List::stream).toList();
  }
}
