package dev.strata.cli.look;

import dev.strata.cli.terminal.Sizes;
import dev.strata.closure.StorePathName;
import dev.strata.explain.ConfigDiff;
import dev.strata.explain.FilesDiff;
import dev.strata.explain.LayersDiff;
import dev.strata.explain.StorePathsDiff;
import dev.strata.io.PlainText;
import java.io.PrintWriter;
import java.util.List;

/** Prints the differences of two images in GitHub's Markdown: a summary, and details to unfold. */
final class DiffMarkdown {
  private DiffMarkdown() {}

  static void print(DiffReport report, PrintWriter out) {
    out.println("### Image: " + code(report.before().name()) + " → " + code(report.after().name()));
    out.println();
    if (report.isEqual()) {
      out.println("Same layers and configuration.");
      return;
    }
    StorePathsDiff paths = report.storePaths();
    FileChanges files = report.files();
    List<ConfigDiff.Change> settings = report.images().config().changes();
    out.println("| | |");
    out.println("| --- | --- |");
    out.println("| Download for B with A | " + report.download().text() + " |");
    out.println("| Layers | " + report.layersLine() + " |");
    if (paths != null && !paths.isEmpty()) {
      out.println("| Store paths | " + DiffReport.storePathsLine(paths) + " |");
    }
    out.println(
        "| Files | "
            + (files == null
                ? "not compared (" + report.filesUnread() + ")"
                : DiffReport.filesLine(files))
            + " |");
    out.println("| Configuration | " + Sizes.count(settings.size(), "change") + " |");
    if (paths != null && !paths.isEmpty()) {
      storePaths(paths, out);
    }
    if (!settings.isEmpty()) {
      begin("Configuration", out);
      out.println("| setting | A | B |");
      out.println("| --- | --- | --- |");
      settings.forEach(change ->
          out.println(
              "| "
                  + code(DiffReport.setting(change))
                  + " | "
                  + value(change.before())
                  + " | "
                  + value(change.after())
                  + " |"));
      end(out);
    }
    if (files != null && files.total() > 0) {
      files(files, out);
    }
    layers(report.images().layers(), out);
  }

  private static void storePaths(StorePathsDiff paths, PrintWriter out) {
    begin("Store paths", out);
    out.println("| | name | version | size |");
    out.println("| --- | --- | --- | ---: |");
    for (StorePathsDiff.Replaced pair : paths.replaced()) {
      row(
          "~",
          code(StorePathName.of(pair.after().path()).name()),
          text(DiffReport.versions(pair).replace("->", "→")),
          DiffReport.delta(pair.after().size() - pair.before().size()),
          out);
    }
    for (StorePathsDiff.Sized path : paths.added()) {
      StorePathName name = StorePathName.of(path.path());
      row("+", code(name.name()), text(name.version()), DiffReport.delta(path.size()), out);
    }
    for (StorePathsDiff.Sized path : paths.removed()) {
      StorePathName name = StorePathName.of(path.path());
      row("-", code(name.name()), text(name.version()), DiffReport.delta(-path.size()), out);
    }
    end(out);
  }

  private static void row(String sign, String name, String version, String size, PrintWriter out) {
    out.println("| " + sign + " | " + name + " | " + version + " | " + size + " |");
  }

  private static void files(FileChanges files, PrintWriter out) {
    begin("Files", out);
    String group = "";
    for (FilesDiff.Change change : files.listed()) {
      String in = DiffReport.replacedPath(change);
      if (!in.equals(group)) {
        out.println();
        out.println("In " + code(in.replace("->", "→")) + ":");
        out.println();
        group = in;
      }
      out.println(
          "- "
              + DiffReport.letter(change)
              + " "
              + code(DiffReport.shownPath(change))
              + " "
              + text(DiffReport.details(change).replace("->", "→")));
    }
    if (files.more() > 0) {
      out.println("- … and " + Sizes.count(files.more()) + " more");
    }
    if (files.inWholePaths() > 0) {
      out.println(
          "- " + Sizes.count(files.inWholePaths(), "file") + " of added and removed store paths");
    }
    end(out);
  }

  private static void layers(LayersDiff layers, PrintWriter out) {
    if (layers.isEmpty()) {
      return;
    }
    begin("Layers", out);
    out.println("| | number | diff id | size |");
    out.println("| --- | ---: | --- | ---: |");
    layers.removed().forEach(layer -> layer("-", layer, out));
    layers.added().forEach(layer -> layer("+", layer, out));
    end(out);
  }

  private static void layer(String sign, LayersDiff.Layer layer, PrintWriter out) {
    out.println(
        "| "
            + sign
            + " | "
            + layer.number()
            + " | `"
            + Sizes.shortDigest(layer.diffId().value())
            + "` | "
            + Sizes.bytes(layer.blob().descriptor().size())
            + (CompressedSizes.isPlain(layer.blob()) ? "" : " compressed")
            + " |");
  }

  private static void begin(String title, PrintWriter out) {
    out.println();
    out.println("<details><summary>" + title + "</summary>");
    out.println();
  }

  private static void end(PrintWriter out) {
    out.println();
    out.println("</details>");
  }

  private static String value(@org.jspecify.annotations.Nullable List<String> words) {
    return words == null ? "" : code(String.join(" ", words));
  }

  /** Code in a table: nothing in it has a meaning, except what ends the cell or the code. */
  private static String code(String text) {
    String line = PlainText.line(text).replace("|", "\\|");
    int longest = 0;
    int run = 0;
    for (int i = 0; i < line.length(); i++) {
      run = line.charAt(i) == '`' ? run + 1 : 0;
      longest = Math.max(longest, run);
    }
    if (line.isEmpty()) {
      return "";
    }
    String fence = "`".repeat(longest + 1);
    return longest == 0 ? fence + line + fence : fence + " " + line + " " + fence;
  }

  /** Text with escapes for what would be read as Markdown, HTML or a mention. */
  private static String text(String text) {
    return PlainText.line(text).replaceAll("([\\\\`*_{}\\[\\]<>|#~@])", "\\\\$1");
  }
}
