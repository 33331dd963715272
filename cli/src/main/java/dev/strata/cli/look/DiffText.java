package dev.strata.cli.look;

import dev.strata.cli.terminal.Sizes;
import dev.strata.cli.terminal.Table;
import dev.strata.cli.terminal.Wrapping;
import dev.strata.closure.StorePathName;
import dev.strata.explain.ConfigDiff;
import dev.strata.explain.FilesDiff;
import dev.strata.explain.LayersDiff;
import dev.strata.explain.StorePathsDiff;
import dev.strata.io.PlainText;
import java.io.PrintWriter;
import java.util.List;

/** Prints the differences of two images for a terminal. */
final class DiffText {
  private final DiffReport report;
  private final int limit;
  private final PrintWriter out;

  /**
   * Prepares to print.
   *
   * @param limit the most layers, and the most store paths of a kind, to print; 0 for all
   */
  DiffText(DiffReport report, int limit, PrintWriter out) {
    this.report = report;
    this.limit = limit;
    this.out = out;
  }

  void print() {
    side("A", report.before());
    side("B", report.after());
    out.println();
    if (report.isEqual()) {
      out.println("Same layers and configuration.");
      return;
    }
    layers();
    StorePathsDiff paths = report.storePaths();
    if (paths != null && !paths.isEmpty()) {
      out.println();
      storePaths(paths);
    }
    FileChanges files = report.files();
    if (files != null && files.total() > 0) {
      out.println();
      files(files);
    } else if (files != null) {
      out.println();
      out.println("Files: no difference");
    } else {
      out.println();
      Wrapping.println(out, "Files: not compared (" + report.filesUnread() + ")");
    }
    config(report.images().config());
  }

  private void side(String letter, DiffReport.Side side) {
    Wrapping.println(out, letter + "  " + PlainText.line(side.name()) + "  " + side.digest());
  }

  private void layers() {
    Wrapping.println(out, "Layers: " + report.layersLine());
    LayersDiff layers = report.images().layers();
    if (!layers.isEmpty()) {
      Table table = new Table("lrlrl");
      addLayers(table, "-", layers.removed(), report.before());
      addLayers(table, "+", layers.added(), report.after());
      table.print(out);
    }
    Wrapping.println(out, report.downloadLine() + ".");
  }

  private void addLayers(
      Table table, String sign, List<LayersDiff.Layer> layers, DiffReport.Side side) {
    List<LayersDiff.Layer> shown = first(layers);
    for (LayersDiff.Layer layer : shown) {
      table.row(
          sign,
          Integer.toString(layer.number()),
          Sizes.shortDigest(layer.diffId().value()),
          Sizes.bytes(layer.blob().descriptor().size())
              + (CompressedSizes.isPlain(layer.blob()) ? "" : " compressed"),
          side.contents(layer));
    }
    if (layers.size() > shown.size()) {
      table.row(sign, "...", "and " + Sizes.count(layers.size() - shown.size()) + " more", "", "");
    }
  }

  private void storePaths(StorePathsDiff paths) {
    Wrapping.println(out, "Store paths: " + DiffReport.storePathsLine(paths));
    Table table = new Table("lllr");
    for (StorePathsDiff.Replaced pair : first(paths.replaced())) {
      table.row(
          "~",
          StorePathName.of(pair.after().path()).name(),
          DiffReport.versions(pair),
          DiffReport.delta(pair.after().size() - pair.before().size()));
    }
    for (StorePathsDiff.Sized path : first(paths.added())) {
      StorePathName name = StorePathName.of(path.path());
      table.row("+", name.name(), name.version(), DiffReport.delta(path.size()));
    }
    for (StorePathsDiff.Sized path : first(paths.removed())) {
      StorePathName name = StorePathName.of(path.path());
      table.row("-", name.name(), name.version(), DiffReport.delta(-path.size()));
    }
    table.print(out);
    int more =
        paths.replaced().size()
            + paths.added().size()
            + paths.removed().size()
            - first(paths.replaced()).size()
            - first(paths.added()).size()
            - first(paths.removed()).size();
    if (more > 0) {
      out.println("  ... and " + Sizes.count(more) + " more (use --limit to list them)");
    }
  }

  private <T> List<T> first(List<T> rows) {
    return limit == 0 ? rows : rows.subList(0, Math.min(limit, rows.size()));
  }

  private void files(FileChanges files) {
    Wrapping.println(out, "Files: " + DiffReport.filesLine(files));
    String group = "";
    Table table = new Table("lll");
    for (FilesDiff.Change change : files.listed()) {
      String in = DiffReport.replacedPath(change);
      if (!in.equals(group)) {
        table.print(out);
        table = new Table("lll");
        out.println("  in " + PlainText.line(in) + ":");
        group = in;
      }
      table.row(
          DiffReport.letter(change), DiffReport.shownPath(change), DiffReport.details(change));
    }
    table.print(out);
    if (files.more() > 0) {
      Wrapping.println(
          out, "  ... and " + Sizes.count(files.more()) + " more (use --limit to list them)");
    }
    if (files.inWholePaths() > 0) {
      Wrapping.println(
          out,
          "  "
              + Sizes.count(files.inWholePaths(), "file")
              + " of added and removed store paths (use --path to list them)");
    }
  }

  private void config(ConfigDiff config) {
    if (config.changes().isEmpty()) {
      return;
    }
    out.println();
    out.println("Configuration:");
    Table table = new Table("ll");
    for (ConfigDiff.Change change : config.changes()) {
      table.row(DiffReport.setting(change), DiffReport.values(change));
    }
    table.print(out);
  }
}
