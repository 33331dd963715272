package dev.strata.cli.build;

import dev.strata.cli.build.PathLocator.Located;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.NixStore;
import dev.strata.closure.ClosureGraph;
import dev.strata.closure.StorePath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the closure of paths: of a store path with Nix; any other path is its own closure. */
final class ClosureFinder {
  private final Context context;
  private final NixStore store;

  ClosureFinder(Context context, NixStore store) {
    this.context = context;
    this.store = store;
  }

  /**
   * Returns the closure graph of paths.
   *
   * @return the graph, sorted: the same for any order of the roots
   * @throws dev.strata.io.StrataException if Nix does not know a store path
   */
  ClosureGraph closure(Collection<Located> roots) throws InterruptedException {
    Map<String, StorePath> paths = new LinkedHashMap<>();
    Set<String> inStore = new LinkedHashSet<>();
    for (Located root : roots) {
      paths.put(root.path(), new StorePath(root.path(), List.of()));
      if (root.inStore()) {
        inStore.add(root.path());
      }
    }
    if (!inStore.isEmpty()) {
      addClosure(List.copyOf(inStore), paths);
    }
    return new ClosureGraph(List.copyOf(paths.values())).sorted();
  }

  private void addClosure(List<String> inStore, Map<String, StorePath> paths)
      throws InterruptedException {
    Optional<List<StorePath>> known = store.closure(inStore);
    if (known.isEmpty()) {
      context
          .err()
          .println(
              "strata: warning: nix is not on PATH, so the references of '"
                  + inStore.getFirst()
                  + "' are unknown; only the given paths are included");
      return;
    }
    for (StorePath path : known.get()) {
      paths.put(path.path(), path);
    }
  }

  /**
   * Adds the closure of paths to a graph.
   *
   * @return the graph, with the paths that it did not contain at its end
   * @throws dev.strata.io.StrataException if Nix does not know a store path
   */
  ClosureGraph extend(ClosureGraph graph, Collection<Located> roots) throws InterruptedException {
    if (roots.isEmpty()) {
      return graph;
    }
    Set<String> known = new HashSet<>();
    for (StorePath path : graph.paths()) {
      known.add(path.path());
      known.addAll(path.references());
    }
    List<Located> missing = roots.stream().filter(r -> !known.contains(r.path())).toList();
    List<StorePath> all = new ArrayList<>(graph.paths());
    closure(missing).paths().stream().filter(p -> !known.contains(p.path())).forEach(all::add);
    return new ClosureGraph(all);
  }
}
