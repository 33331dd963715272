package dev.strata.bench.jmh;

import dev.strata.bench.workload.ClosureCache;
import dev.strata.bench.workload.Input;
import dev.strata.bench.workload.Workload;
import dev.strata.bench.workload.Workload.Generated;
import dev.strata.closure.ClosureGraph;
import dev.strata.layering.LayerPath;
import dev.strata.layering.LayerPlanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A closure on disk. It is in the page cache after the first iteration. Shared by all threads. */
@State(Scope.Benchmark)
public class ClosureState {
  /** The closure's profile: TINY, S, DEMO, M, L, XL or MANY_SMALL. */
  @Param("S")
  public String profile = "S";

  private ClosureGraph graph = new ClosureGraph(List.of());
  private Path graphFile = Path.of("");
  private Path permissions = Path.of("");

  /** Called by JMH. */
  public ClosureState() {}

  /**
   * Generates the closure unless it exists.
   *
   * @throws IOException if it cannot be written
   */
  @Setup(Level.Trial)
  public void generate() throws IOException {
    Path directory = Path.of(System.getProperty("java.io.tmpdir"), "strata-bench");
    boolean ruled = profile.equals("MANY_SMALL");
    Workload workload = new Workload(profile, "", new Generated(profile, ruled), 1);
    Input input = new ClosureCache(directory, System.err::println).prepare(workload);
    graphFile = input.graph();
    permissions = input.permissions() == null ? permissions : input.permissions();
    graph = ClosureGraph.read(graphFile);
  }

  ClosureGraph graph() {
    return graph;
  }

  Path graphFile() {
    return graphFile;
  }

  List<List<LayerPath>> plan(int maxLayers) {
    return LayerPlanner.create().withMaxLayers(maxLayers).plan(graph.byPopularity());
  }

  List<LayerPath> oneLayer() {
    return plan(1).getFirst();
  }

  List<LayerPath> oneRuledLayer() {
    return LayerPlanner.create().withPermsFrom(permissions).plan(graph.byPopularity()).getFirst();
  }
}
