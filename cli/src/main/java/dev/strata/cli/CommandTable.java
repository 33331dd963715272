package dev.strata.cli;

import dev.strata.cli.build.BuildCommand;
import dev.strata.cli.build.ClosureCommand;
import dev.strata.cli.build.ImageCommand;
import dev.strata.cli.build.ImageFromDirCommand;
import dev.strata.cli.build.ImageFromManifestCommand;
import dev.strata.cli.build.LayersCommand;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.demo.DemoCommand;
import dev.strata.cli.look.InspectCommand;
import dev.strata.cli.look.ManifestCommand;
import dev.strata.cli.look.TarCommand;
import dev.strata.cli.look.TarPermsCommand;
import dev.strata.cli.move.CopyCommand;
import dev.strata.cli.move.IndexCommand;
import dev.strata.cli.move.PullCommand;
import dev.strata.cli.move.ServeCommand;
import java.util.List;
import java.util.Optional;

/**
 * The commands by name, with the line that the help shows for each. A command's class is loaded
 * when the command is wanted.
 */
public final class CommandTable {
  /** The groups the help shows, in this order. */
  public enum Group {
    BUILD("Build an image"),
    MOVE("Move an image"),
    LOOK("Look and try"),
    DROP_IN("In place of nix2container and Skopeo, with their arguments"),
    MORE("More");

    private final String title;

    Group(String title) {
      this.title = title;
    }

    /** The heading of the group. */
    public String title() {
      return title;
    }
  }

  /**
   * A command that can be made.
   *
   * @param name what the user types
   * @param group where the help shows it
   * @param summary what it does, in one line
   */
  public record Entry(String name, Group group, String summary) {
    /** The exit code for arguments that are wrong. */
    int usageExitCode() {
      return group == Group.DROP_IN ? ExitCode.FAILURE : ExitCode.USAGE;
    }

    /** Creates the command. */
    public Command make() {
      return switch (name) {
        case "build" -> new BuildCommand();
        case "closure" -> new ClosureCommand();
        case "copy" -> new CopyCommand();
        case "pull" -> new PullCommand();
        case "serve" -> new ServeCommand();
        case "index" -> new IndexCommand();
        case "tar" -> new TarCommand();
        case "inspect" -> new InspectCommand();
        case "tar-perms" -> new TarPermsCommand();
        case "manifest" -> new ManifestCommand();
        case "demo" -> new DemoCommand();
        case "layers-from-reproducible-storepaths" -> new LayersCommand.Reproducible();
        case "layers-from-non-reproducible-storepaths" -> new LayersCommand.NonReproducible();
        case "image" -> new ImageCommand();
        case "image-from-dir" -> new ImageFromDirCommand();
        case "image-from-manifest" -> new ImageFromManifestCommand();
        case "skopeo" -> new SkopeoCommand();
        case "completion" -> new CompletionCommand();
        default -> throw new IllegalStateException(name);
      };
    }
  }

  /** All commands, in the order of the help. */
  public static final List<Entry> ALL =
      List.of(
          new Entry("build", Group.BUILD, "Build the layers of an image and describe it"),
          new Entry("closure", Group.BUILD, "List paths with all they refer to"),
          new Entry("copy", Group.MOVE, "Copy an image to a registry, archive, folder or daemon"),
          new Entry("pull", Group.MOVE, "Fetch an image to build on"),
          new Entry("serve", Group.MOVE, "Be a registry on this machine that has the images"),
          new Entry("index", Group.MOVE, "Put images for several platforms under one name"),
          new Entry("demo", Group.LOOK, "Build and verify a sample image in a temporary folder"),
          new Entry("tar", Group.LOOK, "Write one layer of an image as a tar stream"),
          new Entry("inspect", Group.LOOK, "Show layers, sizes and the largest paths"),
          new Entry("tar-perms", Group.LOOK, "Permission rules with the modes and owners of a tar"),
          new Entry("manifest", Group.LOOK, "Print the manifest of an image"),
          new Entry(
              "layers-from-reproducible-storepaths",
              Group.DROP_IN,
              "layers.json from a closure graph"),
          new Entry(
              "layers-from-non-reproducible-storepaths",
              Group.DROP_IN,
              "the same, and keep the tars"),
          new Entry("image", Group.DROP_IN, "image.json from layers.json"),
          new Entry("image-from-dir", Group.DROP_IN, "image.json from a Skopeo folder"),
          new Entry("image-from-manifest", Group.DROP_IN, "image.json from a manifest"),
          new Entry("skopeo", Group.DROP_IN, "nix: images; all else is left to Skopeo"),
          new Entry("completion", Group.MORE, "Print a completion script for a shell"));

  private CommandTable() {}

  static List<String> names() {
    return ALL.stream().map(Entry::name).toList();
  }

  static Optional<Entry> find(String name) {
    for (Entry entry : ALL) {
      if (entry.name().equals(name)) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }
}
