package dev.strata.cli.build;

import dev.strata.cli.command.ImageBuild;
import dev.strata.cli.terminal.JsonText;
import dev.strata.cli.terminal.Sizes;
import dev.strata.cli.terminal.Table;
import dev.strata.cli.terminal.Wrapping;
import dev.strata.io.FileNames;
import dev.strata.layer.Layer;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Reports a finished build.
 *
 * @param file the image.json file; empty for none
 * @param results the result for each platform, by its name; the name is empty for the only one
 */
record BuildSummary(String file, Map<String, ImageBuild.Result> results) {
  /** A table with more layers than this shows the largest ones only. */
  private static final int MAX_ROWS = 12;

  /** Prints a table of the layers and the totals. */
  void printTable(PrintWriter out) {
    results.forEach((platform, result) -> {
      if (!platform.isEmpty()) {
        out.println(platform);
      }
      printTable(platform, result, out);
    });
  }

  private void printTable(String platform, ImageBuild.Result result, PrintWriter out) {
    List<Layer> layers = result.image().layers();
    Table table = new Table("rlrrl").row("LAYER", "DIGEST", "SIZE", "PATHS", "CONTENTS");
    for (int i : shownLayers(layers)) {
      Layer layer = layers.get(i);
      boolean fromBase = i < result.baseLayers();
      table.row(
          Integer.toString(i),
          Sizes.shortDigest(layer.digest().value()),
          layer.size().isEmpty() ? "-" : Sizes.bytes(layer.size().getAsLong()),
          fromBase ? "-" : Sizes.count(layer.paths().size()),
          fromBase ? "(base image)" : contents(layer));
    }
    if (!layers.isEmpty()) {
      table.print(out);
    }
    if (layers.size() > MAX_ROWS) {
      out.println("  and " + Sizes.count(layers.size() - MAX_ROWS, "smaller layer"));
    }
    out.println();
    Wrapping.println(
        out,
        printable(file.isEmpty() ? platform.isEmpty() ? "image" : platform : file)
            + ": "
            + Sizes.count(layers.size(), "layer")
            + (result.baseLayers() > 0 ? " (" + result.baseLayers() + " from the base image)" : "")
            + ", "
            + Sizes.count(result.paths(), "path")
            + ", "
            + Sizes.count(result.entries(), "entry")
            + ", "
            + Sizes.bytes(result.bytes()));
    Wrapping.println(
        out,
        "built in "
            + Sizes.seconds(result.nanos())
            + " ("
            + Sizes.rate(result.bytes(), result.nanos())
            + "), image id "
            + Sizes.shortDigest(result.configDigest()));
  }

  private static int[] shownLayers(List<Layer> layers) {
    return IntStream.range(0, layers.size())
        .boxed()
        .sorted(Comparator.comparingLong(i -> -layers.get(i).size().orElse(0)))
        .limit(MAX_ROWS)
        .sorted()
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static String contents(Layer layer) {
    if (layer.paths().isEmpty()) {
      return "(users and groups)";
    }
    String first = layer.paths().getFirst().path();
    String name = first.substring(first.lastIndexOf('/') + 1);
    int more = layer.paths().size() - 1;
    return printable(name.replaceFirst("^[0-9a-z]{32}-", ""))
        + (more > 0 ? " and " + more + " more" : "");
  }

  /** A name without control characters, which could affect the terminal. */
  private static String printable(String name) {
    String quoted = FileNames.quote(name);
    return quoted.substring(1, quoted.length() - 1);
  }

  /**
   * Prints the same as a JSON object.
   *
   * @param copies the digest of the manifest at each destination
   */
  void printJson(PrintWriter out, Map<String, String> copies) {
    Map<String, Object> json = new LinkedHashMap<>();
    if (!file.isEmpty()) {
      json.put("image", file);
    }
    if (results.size() == 1) {
      results.values().forEach(result -> json.putAll(json(result)));
    } else {
      Map<String, Object> platforms = new LinkedHashMap<>();
      results.forEach((platform, result) -> platforms.put(platform, json(result)));
      json.put("platforms", platforms);
    }
    if (!copies.isEmpty()) {
      json.put("copies", copies);
    }
    out.println(JsonText.indented(json));
  }

  private static Map<String, Object> json(ImageBuild.Result result) {
    List<Map<String, Object>> rows = new ArrayList<>();
    List<Layer> layers = result.image().layers();
    for (int i = 0; i < layers.size(); i++) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("digest", layers.get(i).digest().value());
      row.put("size", layers.get(i).size().orElse(0));
      row.put("paths", layers.get(i).paths().size());
      row.put("fromBase", i < result.baseLayers());
      rows.add(row);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("configDigest", result.configDigest());
    json.put("layers", rows);
    json.put("paths", result.paths());
    json.put("entries", result.entries());
    json.put("bytes", result.bytes());
    json.put("milliseconds", result.nanos() / 1_000_000);
    json.put("bytesPerSecond", Sizes.bytesPerSecond(result.bytes(), result.nanos()));
    return json;
  }
}
