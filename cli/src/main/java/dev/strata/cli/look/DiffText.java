package dev.strata.cli.look;

import dev.strata.cli.terminal.Sizes;
import dev.strata.cli.terminal.Table;
import dev.strata.cli.terminal.Wrapping;
import dev.strata.explain.ConfigDiff;
import dev.strata.explain.FilesDiff;
import dev.strata.explain.LayersDiff;
import dev.strata.explain.StorePathName;
import dev.strata.explain.StorePathsDiff;
import dev.strata.io.PlainText;
import java.io.PrintWriter;
import java.util.List;

/** Prints the differences of two images for a terminal. */
final class DiffText {
  /** The most layers, and the most store paths of a kind, to print. */
  private static final int ROWS = 20;

  private DiffText() {}

  static void print(DiffReport report, PrintWriter out) {
    side("A", report.before(), out);
    side("B", report.after(), out);
    out.println();
    if (report.isEqual()) {
      out.println("Same layers and configuration.");
      return;
    }
    layers(report, out);
    StorePathsDiff paths = report.storePaths();
    if (paths != null && !paths.isEmpty()) {
      out.println();
      storePaths(paths, out);
    }
    FileChanges files = report.files();
    if (files != null && files.total() > 0) {
      out.println();
      files(files, out);
    } else if (files != null) {
      out.println();
      out.println("Files: no difference");
    } else {
      out.println();
      Wrapping.println(out, "Files: not compared (" + report.filesUnread() + ")");
    }
    config(report.images().config(), out);
  }

  private static void side(String letter, DiffReport.Side side, PrintWriter out) {
    Wrapping.println(out, letter + "  " + PlainText.line(side.name()) + "  " + side.digest());
  }

  private static void layers(DiffReport report, PrintWriter out) {
    Wrapping.println(out, "Layers: " + report.layersLine());
    LayersDiff layers = report.images().layers();
    if (!layers.isEmpty()) {
      Table table = new Table("lrlr");
      addLayers(table, "-", layers.removed());
      addLayers(table, "+", layers.added());
      table.print(out);
    }
    Wrapping.println(out, report.downloadLine() + ".");
  }

  private static void addLayers(Table table, String sign, List<LayersDiff.Layer> layers) {
    for (LayersDiff.Layer layer : layers.subList(0, Math.min(ROWS, layers.size()))) {
      table.row(
          sign,
          Integer.toString(layer.number()),
          Sizes.shortDigest(layer.diffId().value()),
          Sizes.bytes(layer.blob().descriptor().size())
              + (CompressedSizes.isPlain(layer.blob()) ? "" : " compressed"));
    }
    if (layers.size() > ROWS) {
      table.row(sign, "...", "and " + Sizes.count(layers.size() - ROWS) + " more", "");
    }
  }

  private static void storePaths(StorePathsDiff paths, PrintWriter out) {
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
        Math.max(0, paths.replaced().size() - ROWS)
            + Math.max(0, paths.added().size() - ROWS)
            + Math.max(0, paths.removed().size() - ROWS);
    if (more > 0) {
      out.println("  ... and " + Sizes.count(more) + " more (--json lists all)");
    }
  }

  private static <T> List<T> first(List<T> rows) {
    return rows.subList(0, Math.min(ROWS, rows.size()));
  }

  private static void files(FileChanges files, PrintWriter out) {
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
      Wrapping.println(out, "  ... and " + Sizes.count(files.more()) + " more (use --limit to list them)");
    }
    if (files.inWholePaths() > 0) {
      Wrapping.println(
          out,
          "  "
              + Sizes.count(files.inWholePaths(), "file")
              + " of added and removed store paths (use --path to list them)");
    }
  }

  private static void config(ConfigDiff config, PrintWriter out) {
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
