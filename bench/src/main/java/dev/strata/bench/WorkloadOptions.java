package dev.strata.bench;

import dev.strata.bench.workload.ClosureCache;
import dev.strata.bench.workload.Workload;
import dev.strata.bench.workload.Workload.OnDisk;
import dev.strata.bench.workload.Workloads;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options for workloads and the directory of their closures. */
final class WorkloadOptions {
  @Mixin private WorkDirectoryOption workDirectory;

  @Option(
      names = {"-w", "--workload"},
      paramLabel = "NAME",
      split = ",",
      description =
          "Workload: trivial, s-1, m-1, m-40, l-1, l-100, l-702, many-small or many-small-perms."
              + " May be repeated.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--closure-graph",
      paramLabel = "FILE",
      description = "Use this closure graph, as written by exportReferencesGraph, as a workload.")
  private @Nullable Path graph;

  @Option(
      names = "--max-layers",
      paramLabel = "N",
      defaultValue = "1",
      description = "Largest number of layers for --closure-graph (default: ${DEFAULT-VALUE}).")
  private int maxLayers;

  @Option(
      names = "--perms",
      paramLabel = "FILE",
      description = "Permission rules for --closure-graph.")
  private @Nullable Path permissions;

  List<Workload> workloads(String... defaults) {
    List<Workload> out = new ArrayList<>();
    List<String> wanted = names.isEmpty() && graph == null ? List.of(defaults) : names;
    wanted.forEach(name -> out.add(Workloads.named(name)));
    if (graph != null) {
      if (maxLayers < 1) {
        throw new IllegalArgumentException(
            "--max-layers must be a positive integer, got " + maxLayers);
      }
      String name = "own-" + maxLayers;
      out.add(new Workload(name, graph.toString(), new OnDisk(graph, permissions), maxLayers));
    }
    return out;
  }

  ClosureCache cache(Consumer<String> messages) {
    return new ClosureCache(workDirectory.value(), messages);
  }
}
