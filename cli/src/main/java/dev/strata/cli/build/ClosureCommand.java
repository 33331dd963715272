package dev.strata.cli.build;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.NixStore;
import dev.strata.closure.ClosureGraph;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import java.util.List;

/** Writes the closure graph of paths. */
public final class ClosureCommand extends Command {
  private final Argument<String> output =
      arguments().text("FILE", "Output file (default: standard output)", "-o", "--output");
  private final Argument<List<String>> paths =
      arguments().parameters(true, "PATH", "Store path, file or folder");

  public ClosureCommand() {
    super(
        "closure",
        "List paths and everything they refer to, as a closure graph in JSON.",
        "",
        "Nix lists what a store path refers to. Any other file or folder refers to nothing."
            + " Symbolic links are followed.");
    footer(
        "Examples:",
        "  strata closure ./result -o closure.json",
        "  strata build --closure-graph closure.json -o image.json");
  }

  @Override
  public int run(Context context) throws InterruptedException {
    NixStore store = NixStore.of(context.environment());
    PathLocator locator = new PathLocator(store);
    ClosureGraph graph =
        new ClosureFinder(context, store)
            .closure(paths.orElse(List.of()).stream().map(locator::locate).toList());
    String file = output.orElse("-");
    if (file.equals("-")) {
      context.out().print(graph.toJson());
    } else {
      OutputFile.write(FileNames.path(file), FileNames.encode(graph.toJson()));
    }
    return ExitCode.SUCCESS;
  }
}
