package dev.strata.cli.build;

import dev.strata.cli.terminal.Sizes;
import dev.strata.cli.terminal.Table;
import dev.strata.closure.StorePathName;
import dev.strata.layering.LayerLimits;
import dev.strata.layering.SizedClosure;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The layers of one closure, as a table or as JSON. */
record PlanReport(
    String layering, LayerLimits limits, SizedClosure closure, List<List<String>> layers) {
  private static final int NAMES_SHOWN = 2;

  void print(PrintWriter out) {
    Table table = new Table("rrrl").row("LAYER", "SIZE", "PATHS", "CONTENTS");
    for (int i = 0; i < layers.size(); i++) {
      List<String> paths = layers.get(i);
      table.row(
          Integer.toString(i),
          Sizes.bytes(closure.size(paths)),
          Integer.toString(paths.size()),
          names(paths));
    }
    table.print(out);
    out.println();
    out.println(
        Sizes.count(layers.size(), "layer")
            + ", "
            + Sizes.count(closure.paths().size(), "path")
            + ", "
            + Sizes.bytes(closure.size(closure.paths())));
  }

  /** The largest paths of a layer say most about it. */
  private String names(List<String> paths) {
    List<String> largest = new ArrayList<>(paths);
    largest.sort((a, b) -> {
      int larger = Long.compare(closure.size(List.of(b)), closure.size(List.of(a)));
      return larger != 0 ? larger : a.compareTo(b);
    });
    StringBuilder names = new StringBuilder();
    for (String path : largest.subList(0, Math.min(NAMES_SHOWN, largest.size()))) {
      names.append(names.isEmpty() ? "" : ", ").append(StorePathName.of(path).full());
    }
    int more = paths.size() - NAMES_SHOWN;
    return more > 0 ? names + ", and " + more + " more" : names.toString();
  }

  Map<String, Object> toJson() {
    List<Object> all = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      Map<String, Object> layer = new LinkedHashMap<>();
      layer.put("layer", i);
      layer.put("size", closure.size(layers.get(i)));
      layer.put("paths", layers.get(i));
      all.add(layer);
    }
    Map<String, Object> plan = new LinkedHashMap<>();
    plan.put("layering", layering);
    plan.put("maxLayers", limits.maxLayers());
    plan.put("minLayerSize", limits.minSize());
    plan.put("size", closure.size(closure.paths()));
    plan.put("layers", all);
    return plan;
  }
}
