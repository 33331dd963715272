package dev.strata.cli.look;

import dev.strata.cli.look.ImagePaths.Place;
import dev.strata.cli.terminal.JsonText;
import dev.strata.cli.terminal.Sizes;
import dev.strata.cli.terminal.Table;
import dev.strata.cli.terminal.Wrapping;
import dev.strata.closure.StorePathName;
import dev.strata.explain.ClosureAnalysis;
import dev.strata.io.PlainText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Why a path is in an image. Immutable.
 *
 * @param path the path
 * @param place where it is; null if the image does not contain it under its own name
 * @param chains chains of references from a root to the path, the shortest first
 * @param more whether there are more chains
 * @param reasons why roots are in the image, where that is known
 * @param lost the paths that the image would lose without the path, the largest first
 * @param shownNames how paths are shown: without their hash, if that is not ambiguous
 */
record WhyReport(
    String path,
    @Nullable Place place,
    List<List<String>> chains,
    boolean more,
    Map<String, String> reasons,
    List<Lost> lost,
    Map<String, String> shownNames) {
  private static final int LOST_SHOWN = 10;

  /**
   * A path that would be lost.
   *
   * @param path the path
   * @param size its size in the layer in bytes; empty if it is unknown
   */
  record Lost(String path, OptionalLong size) {}

  static WhyReport of(
      ClosureAnalysis closure,
      String path,
      Map<String, String> reasons,
      ImagePaths paths,
      int limit) {
    List<List<String>> chains = closure.chains(path, limit + 1);
    List<Lost> lost = new ArrayList<>();
    for (String name : closure.lostWithout(path)) {
      Place place = paths.sizes().get(name);
      if (place != null) {
        lost.add(new Lost(name, place.size()));
      }
    }
    lost.sort(Comparator.comparingLong((Lost l) -> -l.size().orElse(-1)).thenComparing(Lost::path));
    return new WhyReport(
        path,
        paths.sizes().get(path),
        chains.subList(0, Math.min(limit, chains.size())),
        chains.size() > limit,
        reasons,
        lost,
        shownNames(closure.paths()));
  }

  private static Map<String, String> shownNames(List<String> paths) {
    Map<String, Integer> count = new HashMap<>();
    paths.forEach(path -> count.merge(StorePathName.of(path).full(), 1, Integer::sum));
    Map<String, String> shown = new HashMap<>();
    for (String path : paths) {
      StorePathName name = StorePathName.of(path);
      boolean clear = !name.hash().isEmpty() && count.getOrDefault(name.full(), 0) == 1;
      shown.put(path, PlainText.line(clear ? name.full() : path));
    }
    return shown;
  }

  private String shown(String name) {
    return shownNames.getOrDefault(name, name);
  }

  private OptionalLong lostSize() {
    return lost.stream().allMatch(l -> l.size().isPresent())
        ? OptionalLong.of(lost.stream().mapToLong(l -> l.size().orElseThrow()).sum())
        : OptionalLong.empty();
  }

  private static String size(OptionalLong bytes) {
    return bytes.isPresent() ? Sizes.bytes(bytes.getAsLong()) : "-";
  }

  void print(PrintWriter out) {
    out.println(PlainText.line(path));
    if (place == null) {
      out.println("  not in the image under its own name");
    } else {
      out.println("  layer " + place.layer() + ", " + size(place.size()));
    }
    out.println();
    out.println("Chains of references, shortest first:");
    for (List<String> chain : chains) {
      String reason = reasons.getOrDefault(chain.getFirst(), "");
      String names = String.join(" -> ", chain.stream().map(this::shown).toList());
      Wrapping.println(out, "  " + (reason.isEmpty() ? "" : "[" + reason + "] ") + names);
    }
    if (more) {
      out.println("  ... (use --limit to show more)");
    }
    out.println();
    if (lost.isEmpty()) {
      Wrapping.println(out, "Without it, the image would have the same paths.");
      return;
    }
    Wrapping.println(
        out,
        "Without it, the image would lose "
            + Sizes.count(lost.size(), "path")
            + lostSize().stream().mapToObj(s -> ", " + Sizes.bytes(s)).findFirst().orElse("")
            + ":");
    Table table = new Table("rl");
    lost.stream().limit(LOST_SHOWN).forEach(l -> table.row(size(l.size()), shown(l.path())));
    table.print(out);
    if (lost.size() > LOST_SHOWN) {
      out.println("  ... and " + Sizes.count(lost.size() - LOST_SHOWN) + " more");
    }
  }

  String toJson() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("path", path);
    json.put("layer", place == null ? null : (long) place.layer());
    json.put("size", place == null ? null : number(place.size()));
    List<Object> ways = new ArrayList<>();
    for (List<String> chain : chains) {
      Map<String, @Nullable Object> way = new LinkedHashMap<>();
      way.put("reason", reasons.get(chain.getFirst()));
      way.put("paths", chain);
      ways.add(way);
    }
    json.put("chains", ways);
    json.put("moreChains", more);
    json.put("lostSize", number(lostSize()));
    List<Object> gone = new ArrayList<>();
    for (Lost l : lost) {
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      row.put("path", l.path());
      row.put("size", number(l.size()));
      gone.add(row);
    }
    json.put("lost", gone);
    return JsonText.indented(json);
  }

  private static @Nullable Long number(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }
}
