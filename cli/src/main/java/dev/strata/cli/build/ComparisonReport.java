package dev.strata.cli.build;

import dev.strata.cli.terminal.Sizes;
import dev.strata.cli.terminal.Table;
import dev.strata.layering.LayerLimits;
import dev.strata.layering.LayeringHistory;
import dev.strata.layering.SizedClosure;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What each way to assign paths to layers sends for the images of a history. */
final class ComparisonReport {
  static final String CHANGED = "changed";

  private final LayerLimits limits;
  private final List<String> names;
  private final List<SizedClosure> closures;
  private final Map<String, LayeringHistory> ways;
  private final List<Long> changed = new ArrayList<>();

  /**
   * Creates a report.
   *
   * @param closures the closure of each image, by the name of its file
   * @param ways what is sent, by the name of the way
   */
  ComparisonReport(
      LayerLimits limits, Map<String, SizedClosure> closures, Map<String, LayeringHistory> ways) {
    this.limits = limits;
    this.names = List.copyOf(closures.keySet());
    this.closures = List.copyOf(closures.values());
    this.ways = ways;
    Set<String> known = new HashSet<>();
    for (SizedClosure closure : this.closures) {
      changed.add(closure.size(closure.paths().stream().filter(known::add).toList()));
    }
  }

  void print(PrintWriter out) {
    Table table = new Table("rlrr" + "r".repeat(ways.size()));
    List<String> head = new ArrayList<>(List.of("STEP", "GRAPH", "SIZE", "CHANGED"));
    ways.keySet().forEach(way -> head.add(way.toUpperCase(Locale.ROOT)));
    table.row(head.toArray(String[]::new));
    List<String> shown = shortNames(names);
    for (int i = 0; i < names.size(); i++) {
      List<String> row = new ArrayList<>();
      row.add(Integer.toString(i));
      row.add(shown.get(i));
      row.add(Sizes.bytes(size(i)));
      row.add(Sizes.bytes(changed.get(i)));
      for (LayeringHistory way : ways.values()) {
        row.add(Sizes.bytes(way.steps().get(i).sent()));
      }
      table.row(row.toArray(String[]::new));
    }
    table.print(out);
    out.println();
    out.println("Sent after the first image, with at most " + most() + ":");
    BarChart.print(out, afterFirst());
  }

  /** Returns the names of files without their folders, if these are still different. */
  static List<String> shortNames(List<String> files) {
    List<String> names = files.stream().map(f -> f.substring(f.lastIndexOf('/') + 1)).toList();
    return names.stream().distinct().count() == names.size() ? names : files;
  }

  private String most() {
    return Sizes.count(limits.maxLayers(), "layer");
  }

  private long size(int step) {
    return closures.get(step).size(closures.get(step).paths());
  }

  private Map<String, Long> afterFirst() {
    Map<String, Long> sums = new LinkedHashMap<>();
    sums.put(CHANGED, changed.stream().skip(1).mapToLong(Long::longValue).sum());
    ways.forEach((name, way) -> sums.put(name, way.sentAfterFirst()));
    return sums;
  }

  Map<String, Object> toJson() {
    List<Object> steps = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      Map<String, Object> sent = new LinkedHashMap<>();
      Map<String, Object> layers = new LinkedHashMap<>();
      for (Map.Entry<String, LayeringHistory> way : ways.entrySet()) {
        LayeringHistory.Step step = way.getValue().steps().get(i);
        sent.put(way.getKey(), step.sent());
        layers.put(way.getKey(), step.layers().size());
      }
      Map<String, Object> step = new LinkedHashMap<>();
      step.put("graph", names.get(i));
      step.put("size", size(i));
      step.put(CHANGED, changed.get(i));
      step.put("sent", sent);
      step.put("layers", layers);
      steps.add(step);
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("maxLayers", limits.maxLayers());
    report.put("minLayerSize", limits.minSize());
    report.put("steps", steps);
    report.put("sentAfterFirst", afterFirst());
    return report;
  }

  /** Returns a chart of all steps but the first, for which every way sends everything. */
  String toSvg() {
    Map<String, List<Long>> series = new LinkedHashMap<>();
    ways.forEach((name, way) ->
        series.put(name, way.steps().stream().skip(1).map(LayeringHistory.Step::sent).toList()));
    return SvgChart.bars(
        "Bytes sent for each image after the first, with at most " + most(),
        shortNames(names).subList(1, names.size()),
        series,
        changed.subList(1, changed.size()));
  }
}
