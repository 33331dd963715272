package dev.strata.cli.look;

import dev.strata.cli.look.ImageReport.LayerRow;
import dev.strata.cli.look.ImageReport.PathRow;
import dev.strata.cli.terminal.Sizes;
import dev.strata.cli.terminal.Table;
import dev.strata.cli.terminal.Wrapping;
import dev.strata.explain.Duplicates;
import dev.strata.image.ConfigJson;
import dev.strata.oci.ImageConfig;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints what is in an image as tables. */
final class ImageReportText {
  private static final int VALUE_SHOWN = 120;

  private final ImageReport report;
  private final PrintWriter out;

  ImageReportText(ImageReport report, PrintWriter out) {
    this.report = report;
    this.out = out;
  }

  void print(int largest) {
    head();
    out.println();
    layers();
    if (report.hasUnread()) {
      long size = 0;
      for (LayerRow layer : report.layers()) {
        size += layer.paths() == null ? layer.blob().size() : 0;
      }
      Wrapping.println(
          out,
          "  Use --deep to download the layers and show their contents ("
              + Sizes.bytes(size)
              + ").");
    }
    if (!report.paths().isEmpty() && largest > 0) {
      out.println();
      paths(largest);
    }
    Duplicates duplicates = report.duplicates();
    if (duplicates != null) {
      out.println();
      duplicates(duplicates);
    }
  }

  private void head() {
    Table table = new Table("ll");
    table.row("Name", report.name());
    table.row("Digest", report.manifest().digest().value());
    ConfigJson config = report.config();
    if (config == null) {
      table.row("Artifact", report.artifactType());
    } else {
      table.row("Platform", ShownName.of(config.platform().toString()));
      // The zero time of Go stands for none.
      row(
          table,
          "Created",
          config.created().startsWith("0001-01-01T00:00:00") ? "" : config.created());
      ImageConfig settings = config.settings();
      row(table, "Entrypoint", DiffReport.value(settings.entrypoint()));
      row(table, "Cmd", DiffReport.value(settings.cmd()));
      row(table, "User", settings.user());
      row(table, "Folder", settings.workingDir());
      rows(table, "Env", settings.env());
      row(table, "Ports", String.join(", ", settings.exposedPorts()));
      row(table, "Volumes", String.join(", ", settings.volumes()));
      List<String> labels = new ArrayList<>();
      for (Map.Entry<String, String> label : settings.labels().entrySet()) {
        labels.add(label.getKey() + "=" + label.getValue());
      }
      rows(table, "Labels", labels);
    }
    row(table, "Base", report.base());
    table.print(out);
  }

  private static void row(Table table, String name, String value) {
    if (!value.isEmpty()) {
      table.row(name, cut(ShownName.of(value)));
    }
  }

  private static void rows(Table table, String name, List<String> values) {
    for (int i = 0; i < values.size(); i++) {
      table.row(i == 0 ? name : "", cut(ShownName.of(values.get(i))));
    }
  }

  private static String cut(String value) {
    return value.length() <= VALUE_SHOWN ? value : value.substring(0, VALUE_SHOWN - 1) + "…";
  }

  private void layers() {
    // Shares of one kind of size only, which the heading names.
    boolean plain = report.size() >= 0;
    boolean shares = plain || report.compressed() >= 0;
    Table table = new Table("rlrrrrl");
    table.row(
        "LAYER",
        report.config() == null ? "BLOB" : "DIGEST",
        "SIZE",
        "COMPRESSED",
        !shares ? "" : plain ? "% OF SIZE" : "% OF COMPRESSED",
        "PATHS",
        "");
    long total = plain ? report.size() : report.compressed();
    int count = 0;
    boolean counted = true;
    for (int i = 0; i < report.layers().size(); i++) {
      LayerRow layer = report.layers().get(i);
      List<String> paths = layer.paths();
      count += paths == null ? 0 : paths.size();
      counted &= paths != null;
      table.row(
          Integer.toString(i),
          Sizes.shortDigest(layer.blob().digest().value()),
          size(report.config() == null ? layer.blob().size() : layer.size()),
          report.config() == null ? "" : size(layer.compressed()),
          shares ? share(plain ? layer.size() : layer.compressed(), total) : "",
          paths == null ? "-" : Integer.toString(paths.size()),
          contents(layer));
    }
    table.row(
        "",
        "total",
        size(report.config() == null ? report.compressed() : report.size()),
        report.config() == null ? "" : size(report.compressed()),
        "",
        counted ? Integer.toString(count) : "-",
        "");
    table.print(out);
  }

  private String contents(LayerRow layer) {
    if (report.config() == null) {
      return layer.blob().mediaType();
    }
    String names = layer.paths() == null ? "" : ShownName.ofPaths(layer.paths());
    return names.isEmpty() && !layer.source().isEmpty() ? "(in " + layer.source() + ")" : names;
  }

  private void paths(int largest) {
    Table table = new Table("rrrl");
    long total = report.size();
    table.row("SIZE", total >= 0 ? "% OF SIZE" : "", "LAYER", "LARGEST PATHS");
    for (PathRow path : report.paths().subList(0, Math.min(largest, report.paths().size()))) {
      table.row(
          Sizes.bytes(path.size()),
          total >= 0 ? share(path.size(), total) : "",
          Integer.toString(path.layer()),
          ShownName.of(path.path()));
    }
    table.print(out);
  }

  private void duplicates(Duplicates duplicates) {
    if (duplicates.wasted() == 0 && duplicates.shareable() == 0) {
      out.println("No file is stored twice.");
      return;
    }
    Wrapping.println(
        out,
        "Stored again at the same path (wasted): "
            + Sizes.bytes(duplicates.wasted())
            + "; at other paths (could be shared): "
            + Sizes.bytes(duplicates.shareable()));
    if (duplicates.largest().isEmpty()) {
      return;
    }
    out.println();
    Table table = new Table("rrrl");
    table.row("SIZE", "COPIES", "LAYER", "LARGEST DUPLICATES");
    for (Duplicates.Duplicate duplicate : duplicates.largest()) {
      int copies = 1 + duplicate.wasted() + duplicate.shareable();
      String size = Sizes.bytes(duplicate.size());
      String number = Integer.toString(copies);
      for (Duplicates.Copy copy : duplicate.copies()) {
        table.row(size, number, Integer.toString(copy.layer()), ShownName.of(copy.path()));
        size = "";
        number = "";
      }
      if (copies > duplicate.copies().size()) {
        table.row("", "", "", "and " + (copies - duplicate.copies().size()) + " more");
      }
    }
    table.print(out);
  }

  private static String size(long bytes) {
    return bytes < 0 ? "-" : Sizes.bytes(bytes);
  }

  private static String share(long bytes, long total) {
    return total == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100.0 * bytes / total);
  }
}
