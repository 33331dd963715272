package dev.strata.cli.look;

import dev.strata.cli.look.ImageReport.LayerRow;
import dev.strata.cli.look.ImageReport.PathRow;
import dev.strata.cli.terminal.JsonText;
import dev.strata.explain.Duplicates;
import dev.strata.image.ConfigJson;
import dev.strata.oci.ImageConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Formats what is in an image as JSON, with the keys of {@code skopeo inspect} and some more. */
final class ImageReportJson {
  private ImageReportJson() {}

  static String of(ImageReport report, @Nullable IndexReport index, int largest) {
    ConfigJson config = report.config();
    ImageConfig settings = config == null ? ImageConfig.EMPTY : config.settings();
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("Name", report.name());
    json.put("Digest", report.manifest().digest().value());
    json.put("ArtifactType", report.artifactType().isEmpty() ? null : report.artifactType());
    json.put("Created", config == null ? "" : config.created());
    json.put("Labels", settings.labels());
    json.put("Architecture", config == null ? "" : config.architecture());
    json.put("Os", config == null ? "" : config.os());
    json.put("Variant", config == null ? "" : config.platform().variant());
    json.put("Entrypoint", settings.entrypoint());
    json.put("Cmd", settings.cmd());
    json.put("User", settings.user());
    json.put("WorkingDir", settings.workingDir());
    json.put("ExposedPorts", settings.exposedPorts());
    json.put("Volumes", settings.volumes());
    json.put("Base", report.base().isEmpty() ? null : report.base());
    json.put("Layers", report.layers().stream().map(l -> l.blob().digest().value()).toList());
    json.put("LayersData", report.layers().stream().map(ImageReportJson::layer).toList());
    json.put("Env", settings.env());
    List<Object> top = new ArrayList<>();
    List<PathRow> paths = report.paths();
    for (PathRow path : paths.subList(0, Math.clamp(largest, 0, paths.size()))) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("Path", path.path());
      row.put("Size", path.size());
      row.put("Layer", path.layer());
      top.add(row);
    }
    json.put("LargestPaths", top);
    json.put("Duplicates", duplicates(report.duplicates()));
    json.put("Index", index == null ? null : index.json());
    return JsonText.indented(json);
  }

  private static Map<String, @Nullable Object> layer(LayerRow layer) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("MIMEType", layer.blob().mediaType());
    row.put("Digest", layer.blob().digest().value());
    row.put("Size", layer.blob().size());
    row.put("UncompressedSize", known(layer.size()));
    row.put("CompressedSize", known(layer.compressed()));
    row.put("Paths", layer.paths());
    if (!layer.source().isEmpty()) {
      row.put("Source", layer.source());
    }
    return row;
  }

  private static @Nullable Object duplicates(@Nullable Duplicates duplicates) {
    if (duplicates == null) {
      return null;
    }
    List<Object> largest = new ArrayList<>();
    for (Duplicates.Duplicate duplicate : duplicates.largest()) {
      List<Object> copies = new ArrayList<>();
      for (Duplicates.Copy copy : duplicate.copies()) {
        Map<String, Object> place = new LinkedHashMap<>();
        place.put("Layer", copy.layer());
        place.put("Path", copy.path());
        copies.add(place);
      }
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("Size", duplicate.size());
      row.put("Wasted", duplicate.wasted());
      row.put("Shareable", duplicate.shareable());
      row.put("Copies", copies);
      largest.add(row);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("Wasted", duplicates.wasted());
    json.put("Shareable", duplicates.shareable());
    json.put("Largest", largest);
    return json;
  }

  private static @Nullable Long known(long value) {
    return value < 0 ? null : value;
  }
}
