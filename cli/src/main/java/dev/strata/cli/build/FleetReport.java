package dev.strata.cli.build;

import dev.strata.cli.terminal.Sizes;
import dev.strata.cli.terminal.Table;
import dev.strata.layering.LayerLimits;
import dev.strata.layering.LayeringHistory;
import dev.strata.layering.SizedClosure;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The layers that several images share.
 *
 * @param closures the closure of each image, by the name of its file
 * @param ways what is sent, by the name of the way
 * @param layers the paths of each shared layer
 */
record FleetReport(
    LayerLimits limits,
    Map<String, SizedClosure> closures,
    Map<String, LayeringHistory> ways,
    List<List<String>> layers) {
  /**
   * One image.
   *
   * @param size its size in bytes
   * @param layers the number of its layers
   * @param shared the size of the layers that another image has, too
   */
  private record Row(String name, long size, int layers, long shared) {}

  void print(PrintWriter out, String file) {
    Table table = new Table("lrrr").row("GRAPH", "SIZE", "LAYERS", "SHARED");
    List<Row> rows = rows();
    List<String> names = ComparisonReport.shortNames(List.copyOf(closures.keySet()));
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      table.row(
          names.get(i),
          Sizes.bytes(row.size()),
          Integer.toString(row.layers()),
          Sizes.bytes(row.shared()));
    }
    table.print(out);
    out.println();
    out.println(
        "Stored for all images, with at most "
            + Sizes.count(limits.maxLayers(), "layer")
            + " each:");
    BarChart.print(out, stored());
    if (!file.isEmpty()) {
      out.println();
      out.println(file + ": " + Sizes.count(layers.size(), "shared layer"));
    }
  }

  private List<Row> rows() {
    List<LayeringHistory.Step> steps =
        Objects.requireNonNull(ways.get(LayeringOptions.FLEET)).steps();
    Map<Set<String>, Integer> uses = new HashMap<>();
    for (LayeringHistory.Step step : steps) {
      step.layers().forEach(layer -> uses.merge(Set.copyOf(layer), 1, Integer::sum));
    }
    List<Row> rows = new ArrayList<>();
    int next = 0;
    for (Map.Entry<String, SizedClosure> image : closures.entrySet()) {
      List<List<String>> own = steps.get(next++).layers();
      long shared = 0;
      for (List<String> layer : own) {
        shared += uses.getOrDefault(Set.copyOf(layer), 0) > 1 ? image.getValue().size(layer) : 0;
      }
      SizedClosure closure = image.getValue();
      rows.add(new Row(image.getKey(), closure.size(closure.paths()), own.size(), shared));
    }
    return rows;
  }

  private Map<String, Long> stored() {
    Map<String, Long> sizes = new HashMap<>();
    for (SizedClosure closure : closures.values()) {
      closure.paths().forEach(path -> sizes.put(path, closure.size(List.of(path))));
    }
    Map<String, Long> stored = new LinkedHashMap<>();
    stored.put("paths", sizes.values().stream().mapToLong(Long::longValue).sum());
    ways.forEach((name, way) -> stored.put(name, way.sent()));
    return stored;
  }

  Map<String, Object> toJson() {
    List<Object> images = new ArrayList<>();
    for (Row row : rows()) {
      Map<String, Object> image = new LinkedHashMap<>();
      image.put("graph", row.name());
      image.put("size", row.size());
      image.put("layers", row.layers());
      image.put("shared", row.shared());
      images.add(image);
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("maxLayers", limits.maxLayers());
    report.put("minLayerSize", limits.minSize());
    report.put("images", images);
    report.put("stored", stored());
    report.put("layers", layers);
    return report;
  }
}
