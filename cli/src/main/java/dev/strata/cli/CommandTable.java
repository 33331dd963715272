package dev.strata.cli;

import dev.strata.cli.build.AssembleCommand;
import dev.strata.cli.build.BuildCommand;
import dev.strata.cli.build.ClosureCommand;
import dev.strata.cli.build.ImageCommand;
import dev.strata.cli.build.ImageFromDirCommand;
import dev.strata.cli.build.ImageFromManifestCommand;
import dev.strata.cli.build.LayerCommand;
import dev.strata.cli.build.LayersCommand;
import dev.strata.cli.build.PlanCommand;
import dev.strata.cli.build.TarPermsCommand;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.demo.DemoCommand;
import dev.strata.cli.look.DiffCommand;
import dev.strata.cli.look.InspectCommand;
import dev.strata.cli.look.ListTagsCommand;
import dev.strata.cli.look.ManifestCommand;
import dev.strata.cli.look.ReportCommand;
import dev.strata.cli.look.SbomCommand;
import dev.strata.cli.look.TarCommand;
import dev.strata.cli.look.VerifyCommand;
import dev.strata.cli.look.WhyCommand;
import dev.strata.cli.move.AttachCommand;
import dev.strata.cli.move.CopyCommand;
import dev.strata.cli.move.IndexCommand;
import dev.strata.cli.move.PullCommand;
import dev.strata.cli.move.ServeCommand;
import dev.strata.cli.move.SkopeoLayersCommand;
import java.util.List;
import java.util.Optional;

/**
 * The commands by name, with a summary of each for the help. The class of a command is loaded only
 * when the command is created.
 */
public final class CommandTable {
  private static final String SKOPEO_LAYERS = "skopeo layers";

  /** The groups of commands, in the order of the help. */
  public enum Group {
    BUILD("Build images"),
    MOVE("Copy and serve images"),
    LOOK("Inspect images and try Strata"),
    DROP_IN("Drop-in replacements for nix2container and Skopeo"),
    MORE("Other");

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
   * A command that can be created.
   *
   * @param name the name that the user types
   * @param group the group in the help
   * @param summary what the command does, in one line
   */
  public record Entry(String name, Group group, String summary) {
    /** The exit code for invalid arguments. */
    int usageExitCode() {
      return group == Group.DROP_IN ? ExitCode.FAILURE : ExitCode.USAGE;
    }

    /** Creates the command. */
    public Command make() {
      return switch (name) {
        case "build" -> new BuildCommand();
        case "closure" -> new ClosureCommand();
        case "plan" -> new PlanCommand();
        case "layer" -> new LayerCommand();
        case "assemble" -> new AssembleCommand();
        case "copy" -> new CopyCommand();
        case "attach" -> new AttachCommand();
        case "pull" -> new PullCommand();
        case "serve" -> new ServeCommand();
        case "index" -> new IndexCommand();
        case "tar" -> new TarCommand();
        case "list-tags" -> new ListTagsCommand();
        case "inspect" -> new InspectCommand();
        case "verify" -> new VerifyCommand();
        case "diff" -> new DiffCommand();
        case "why" -> new WhyCommand();
        case "sbom" -> new SbomCommand();
        case "report" -> new ReportCommand();
        case "tar-perms" -> new TarPermsCommand();
        case "manifest" -> new ManifestCommand();
        case "demo" -> new DemoCommand();
        case "layers-from-reproducible-storepaths" -> new LayersCommand.Reproducible();
        case "layers-from-non-reproducible-storepaths" -> new LayersCommand.NonReproducible();
        case "image" -> new ImageCommand();
        case "image-from-dir" -> new ImageFromDirCommand();
        case "image-from-manifest" -> new ImageFromManifestCommand();
        case "skopeo" -> new SkopeoCommand();
        case SKOPEO_LAYERS -> new SkopeoLayersCommand();
        case "completion" -> new CompletionCommand();
        default -> throw new IllegalStateException(name);
      };
    }
  }

  /** All commands, in the order of the help. */
  public static final List<Entry> ALL =
      List.of(
          new Entry("build", Group.BUILD, "Build the layers of an image and write image.json"),
          new Entry("closure", Group.BUILD, "List paths and everything they refer to"),
          new Entry("plan", Group.BUILD, "Show or write which paths go into which layers"),
          new Entry("layer", Group.BUILD, "Build one layer of a plan, on any machine"),
          new Entry("assemble", Group.BUILD, "Make an image of layers that were built before"),
          new Entry("copy", Group.MOVE, "Copy an image to a registry, archive, folder or daemon"),
          new Entry(
              "attach", Group.MOVE, "Attach a file, such as a bill of materials, to an image"),
          new Entry("pull", Group.MOVE, "Download an image to use as a base"),
          new Entry("serve", Group.MOVE, "Serve images from a local read-only registry"),
          new Entry("index", Group.MOVE, "Combine images for several platforms"),
          new Entry("demo", Group.LOOK, "Build and verify a sample image"),
          new Entry("inspect", Group.LOOK, "Show what is in an image"),
          new Entry("report", Group.LOOK, "Write a page that shows what is in an image"),
          new Entry("diff", Group.LOOK, "Show how two images differ"),
          new Entry("why", Group.LOOK, "Show why a store path is in an image"),
          new Entry("verify", Group.LOOK, "Check whether an image still has its recorded bytes"),
          new Entry("sbom", Group.LOOK, "Write a software bill of materials (SBOM)"),
          new Entry("tar", Group.LOOK, "Write one layer of an image as a tar stream"),
          new Entry(
              "tar-perms", Group.LOOK, "Write permission rules for the members of a tar file"),
          new Entry("manifest", Group.LOOK, "Print the manifest of an image"),
          new Entry("list-tags", Group.LOOK, "List the tags of a repository"),
          new Entry(
              "layers-from-reproducible-storepaths",
              Group.DROP_IN,
              "Write layers.json for a closure graph"),
          new Entry(
              "layers-from-non-reproducible-storepaths",
              Group.DROP_IN,
              "Write layers.json and the layer tars"),
          new Entry("image", Group.DROP_IN, "Write image.json from layers.json"),
          new Entry("image-from-dir", Group.DROP_IN, "Write image.json from a dir: folder"),
          new Entry("image-from-manifest", Group.DROP_IN, "Write image.json from a manifest"),
          new Entry("skopeo", Group.DROP_IN, "Skopeo with support for nix: images"),
          new Entry("completion", Group.MORE, "Print a shell completion script"));

  /** A command that exists only after {@code skopeo}, where it is not listed either. */
  public static final Entry LAYERS_OF_SKOPEO =
      new Entry(SKOPEO_LAYERS, Group.DROP_IN, "Write blobs of an image into a new folder");

  private CommandTable() {}

  /** Returns one of the commands that Strata runs itself when invoked as {@code skopeo}. */
  static Entry ofSkopeo(String name) {
    return name.equals("layers") ? LAYERS_OF_SKOPEO : find(name).orElseThrow();
  }

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
