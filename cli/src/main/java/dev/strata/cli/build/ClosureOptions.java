package dev.strata.cli.build;

import dev.strata.SourceSettings;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.NixStore;
import dev.strata.closure.ClosureGraph;
import dev.strata.io.FileNames;
import dev.strata.layering.LayerPlanner;
import dev.strata.oci.PlatformChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Options that say what happens to the paths of a closure, and how they go into layers. */
final class ClosureOptions {
  private final Argument<List<String>> copyToRoot;
  private final Argument<String> perms;
  private final LayeringOptions layering;

  ClosureOptions(Arguments arguments) {
    copyToRoot =
        arguments.texts(
            "PATH",
            "Copy a file, or the contents of a folder, to the root; repeatable",
            "--copy-to-root");
    perms = arguments.text("FILE", "JSON permission rules: path, regex, mode, uid, ...", "--perms");
    layering = new LayeringOptions(arguments);
  }

  LayeringOptions layering() {
    return layering;
  }

  boolean copiesToRoot() {
    return copyToRoot.get() != null;
  }

  /** Returns whether an option for the paths was used, other than for layers. */
  boolean isGiven() {
    return copiesToRoot() || perms.get() != null;
  }

  /** How to read the image of {@code --volatile-from}. */
  record Earlier(Supplier<SourceSettings> access, Supplier<PlatformChoice> platform) {}

  /**
   * Plans the layers of a closure.
   *
   * @param graphFile the file of the closure graph; empty for the closure of the paths alone
   * @param typed paths that are added to the graph, with what they refer to
   * @param found receives the paths that were found on this machine outside of the Nix store
   */
  ClosurePlan plan(
      Context context,
      NixStore store,
      String graphFile,
      List<String> typed,
      Earlier earlier,
      int jobs,
      List<String> found)
      throws InterruptedException {
    PathLocator locator = new PathLocator(store);
    CopyToRoot moved = CopyToRoot.of(copyToRoot.orElse(List.of()), locator);
    List<PathLocator.Located> roots = new ArrayList<>(typed.stream().map(locator::locate).toList());
    roots.addAll(moved.located());
    ClosureFinder finder = new ClosureFinder(context, store);
    ClosureGraph graph =
        graphFile.isEmpty()
            ? finder.closure(roots)
            : finder.extend(ClosureGraph.read(FileNames.path(graphFile)), roots);
    roots.stream().filter(root -> !root.inStore()).forEach(root -> found.add(root.path()));
    LayerPlanner planner = LayerPlanner.create();
    String permsFile = perms.orElse("");
    if (!permsFile.isEmpty()) {
      planner = PermissionRules.addTo(planner, permsFile);
    }
    List<String> all = graph.byPopularity();
    PermissionRules.warnOfUnused(planner, all, context.err());
    List<List<String>> kept =
        layering.hasEarlierImage()
            ? layering.earlierLayers(context, earlier.access().get(), earlier.platform().get())
            : List.of();
    Layering ways = layering.layering(context, graph, kept, jobs);
    return new ClosurePlan(planner, moved, ways, all, layering.maxLayers());
  }
}
