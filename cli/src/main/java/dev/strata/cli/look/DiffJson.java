package dev.strata.cli.look;

import dev.strata.cli.terminal.JsonText;
import dev.strata.closure.StorePathName;
import dev.strata.explain.ConfigDiff;
import dev.strata.explain.FileEntry;
import dev.strata.explain.FilesDiff;
import dev.strata.explain.LayersDiff;
import dev.strata.explain.StorePathsDiff;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Formats the differences of two images as JSON; docs/formats.md describes it. */
final class DiffJson {
  private DiffJson() {}

  static String of(DiffReport report) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("equal", report.isEqual());
    json.put("a", side(report.before()));
    json.put("b", side(report.after()));
    json.put("layers", layers(report.images().layers()));
    Map<String, @Nullable Object> download = new LinkedHashMap<>();
    download.put("layers", report.download().layers());
    download.put("compressed", report.download().compressed());
    download.put("uncompressed", report.download().uncompressed());
    json.put("download", download);
    json.put("storePaths", report.storePaths() == null ? null : storePaths(report.storePaths()));
    json.put("files", report.files() == null ? null : files(report.files()));
    List<Object> config = new ArrayList<>();
    for (ConfigDiff.Change change : report.images().config().changes()) {
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      row.put("field", change.field());
      row.put("key", change.key().isEmpty() ? null : change.key());
      row.put("before", change.before());
      row.put("after", change.after());
      config.add(row);
    }
    json.put("config", config);
    return JsonText.indented(json);
  }

  private static Object side(DiffReport.Side side) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", side.name());
    json.put("digest", side.digest());
    return json;
  }

  private static Object layers(LayersDiff layers) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("shared", layers.shared().stream().map(DiffJson::layer).toList());
    json.put("added", layers.added().stream().map(DiffJson::layer).toList());
    json.put("removed", layers.removed().stream().map(DiffJson::layer).toList());
    json.put("reordered", layers.reordered());
    return json;
  }

  private static Object layer(LayersDiff.Layer layer) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("layer", layer.number());
    json.put("diffId", layer.diffId().value());
    json.put("digest", layer.blob().descriptor().digest().value());
    json.put("size", layer.blob().descriptor().size());
    json.put("mediaType", layer.blob().descriptor().mediaType());
    return json;
  }

  private static Object storePaths(StorePathsDiff paths) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("added", paths.added().stream().map(DiffJson::path).toList());
    json.put("removed", paths.removed().stream().map(DiffJson::path).toList());
    List<Object> replaced = new ArrayList<>();
    for (StorePathsDiff.Replaced pair : paths.replaced()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("name", StorePathName.of(pair.after().path()).name());
      row.put("before", path(pair.before()));
      row.put("after", path(pair.after()));
      replaced.add(row);
    }
    json.put("replaced", replaced);
    json.put("sizeDelta", paths.sizeDelta());
    return json;
  }

  private static Object path(StorePathsDiff.Sized path) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("path", path.path());
    json.put("version", StorePathName.of(path.path()).version());
    json.put("size", path.size());
    return json;
  }

  private static Object files(FileChanges files) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("added", files.added());
    json.put("removed", files.removed());
    json.put("changed", files.changed());
    json.put("list", files.listed().stream().map(DiffJson::file).toList());
    json.put("more", files.more());
    json.put("inStorePaths", files.inWholePaths());
    return json;
  }

  private static Object file(FilesDiff.Change change) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    String kind =
        change.before() == null ? "added" : change.after() == null ? "removed" : "changed";
    json.put("kind", kind);
    List<String> properties = new ArrayList<>();
    for (FilesDiff.Property property : FilesDiff.Property.values()) {
      if (change.properties().contains(property)) {
        properties.add(property.name().toLowerCase(Locale.ROOT));
      }
    }
    json.put("properties", properties);
    json.put("before", entry(change.before()));
    json.put("after", entry(change.after()));
    return json;
  }

  private static @Nullable Object entry(@Nullable FileEntry file) {
    if (file == null) {
      return null;
    }
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("path", file.path());
    json.put("type", DiffReport.type(file.type()));
    json.put("mode", DiffReport.mode(file));
    json.put("uid", file.uid());
    json.put("gid", file.gid());
    json.put("size", file.size());
    json.put("mtime", file.mtime());
    json.put("link", file.link().isEmpty() ? null : file.link());
    return json;
  }
}
