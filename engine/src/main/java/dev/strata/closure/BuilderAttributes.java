package dev.strata.closure;

import dev.strata.internal.json.JsonInput;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads a closure graph from the attributes of a Nix builder with {@code __structuredAttrs}, which
 * also say which paths of it are wanted. Not thread-safe.
 */
final class BuilderAttributes {
  private List<StorePath> graph = List.of();
  private Set<String> ignored = Set.of();
  private Set<String> only = Set.of();
  private boolean hasGraph;
  private boolean hasOnly;

  private BuilderAttributes() {}

  /** Reads an object, and returns the paths that are wanted, sorted. */
  static ClosureGraph read(JsonInput in) {
    BuilderAttributes attributes = new BuilderAttributes();
    in.object("attributes of a builder", attributes::take);
    if (!attributes.hasGraph) {
      throw in.otherKind("a closure graph", ClosureGraph.REMEDY);
    }
    return attributes.wanted().sorted();
  }

  private void take(String key, JsonInput value) {
    switch (key) {
      case "graph" -> {
        List<StorePath> paths = value.list("store paths", ClosureGraph::storePath);
        graph = paths == null ? List.of() : paths;
        hasGraph = true;
      }
      case "ignoredpaths" -> ignored = new HashSet<>(value.strings());
      case "onlypaths" -> {
        hasOnly = !value.isNull();
        only = new HashSet<>(value.strings());
      }
      default -> value.skip();
    }
  }

  private ClosureGraph wanted() {
    List<StorePath> wanted = new ArrayList<>();
    for (StorePath p : graph) {
      if (ignored.contains(p.path()) || hasOnly && !only.contains(p.path())) {
        continue;
      }
      // A reference is enough to add a path to a layer.
      wanted.add(hasOnly ? new StorePath(p.path(), List.of(), p.nar()) : p);
    }
    for (StorePath p : wanted) {
      for (String reference : p.references()) {
        if (ignored.contains(reference)) {
          throw new InvalidInputException(
              "cannot leave out "
                  + FileNames.quote(reference)
                  + ": "
                  + FileNames.quote(p.path())
                  + " refers to it; keep it, or leave out the other path, too");
        }
      }
    }
    return new ClosureGraph(wanted);
  }
}
