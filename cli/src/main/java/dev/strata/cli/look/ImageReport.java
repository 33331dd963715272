package dev.strata.cli.look;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.MediaTypes;
import dev.strata.cli.terminal.JsonText;
import dev.strata.cli.terminal.Sizes;
import dev.strata.cli.terminal.Table;
import dev.strata.compress.CompressedBlob;
import dev.strata.compress.Compressor;
import dev.strata.image.ConfigJson;
import dev.strata.image.ImageBlobs;
import dev.strata.io.FileNames;
import dev.strata.layer.Layer;
import dev.strata.layer.RegistryLayer;
import dev.strata.layering.LayerPath;
import dev.strata.oci.Manifest;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The layers and paths of an image. Immutable.
 *
 * @param manifest the descriptor of the manifest
 * @param config the configuration
 * @param layers the layers, the lowest first
 * @param paths the paths of all layers, the largest first
 */
record ImageReport(
    Descriptor manifest, ConfigJson config, List<LayerRow> layers, List<PathRow> paths) {
  private static final long UNKNOWN = -1;
  private static final int DIGEST_SHOWN = 12;
  private static final int NAMES_SHOWN = 2;

  /**
   * A layer.
   *
   * @param blob the descriptor of its blob
   * @param size the uncompressed size in bytes; negative if unknown
   * @param compressed the compressed size in bytes; negative if unknown
   * @param paths the paths that it contains
   * @param source the repository that it lies in if it is not on this machine; else empty
   */
  record LayerRow(Descriptor blob, long size, long compressed, List<String> paths, String source) {}

  /**
   * A path.
   *
   * @param path the path
   * @param size the size in the tar of the layer, in bytes
   * @param layer the number of the layer, from 1
   */
  record PathRow(String path, long size, int layer) {}

  /**
   * Examines an image.
   *
   * @param described the layers with their paths, if these are known; otherwise paths are read from
   *     the layers
   * @param sizes determines compressed sizes
   * @param compress whether to compress layers whose compressed size is unknown
   * @param remote whether layers would have to be downloaded, and so are not read
   */
  static ImageReport of(
      ImageBlobs image,
      @Nullable List<Layer> described,
      Compressor sizes,
      boolean compress,
      boolean remote,
      int jobs) {
    List<LayerRow> layers = new ArrayList<>();
    List<PathRow> paths = new ArrayList<>();
    for (int i = 0; i < image.layers().size(); i++) {
      Blob blob = image.layers().get(i);
      List<PathRow> held = List.of();
      long size = isPlain(blob) ? blob.descriptor().size() : UNKNOWN;
      List<String> names = List.of();
      if (described != null) {
        names = described.get(i).paths().stream().map(LayerPath::path).toList();
        held = sizesOf(described.get(i).paths(), i + 1, jobs);
      } else if (!remote) {
        LayerContents contents = LayerContents.read(blob);
        size = contents.size();
        held = rows(contents.sizes(), i + 1);
        names = held.stream().map(PathRow::path).toList();
      }
      paths.addAll(held);
      layers.add(
          new LayerRow(
              blob.descriptor(),
              size,
              compressedSize(blob, sizes, compress && !(blob instanceof RegistryLayer)),
              names,
              source(blob)));
    }
    paths.sort(Comparator.comparingLong(PathRow::size).reversed().thenComparing(PathRow::path));
    return new ImageReport(image.manifest().descriptor(), config(image.config()), layers, paths);
  }

  private static String source(Blob blob) {
    return blob instanceof RegistryLayer layer ? layer.source().repository().toString() : "";
  }

  private static ConfigJson config(Blob blob) {
    return ConfigJson.parse(
        "the configuration " + blob.descriptor().digest(), Manifest.bytes(blob));
  }

  private static boolean isPlain(Blob blob) {
    String type = blob.descriptor().mediaType();
    return type.equals(MediaTypes.LAYER) || type.endsWith(".diff.tar");
  }

  private static long compressedSize(Blob blob, Compressor sizes, boolean compress) {
    if (!isPlain(blob)) {
      return blob.descriptor().size();
    }
    if (sizes.compress(blob) instanceof CompressedBlob c) {
      Optional<Descriptor> known = compress ? Optional.of(c.descriptor()) : c.known();
      return known.map(Descriptor::size).orElse(UNKNOWN);
    }
    return UNKNOWN;
  }

  private static List<PathRow> sizesOf(List<LayerPath> paths, int layer, int jobs) {
    List<PathRow> rows = new ArrayList<>();
    List<OptionalLong> sizes = ImagePaths.sizes(paths, jobs);
    for (int i = 0; i < sizes.size(); i++) {
      if (sizes.get(i).isPresent()) {
        rows.add(new PathRow(paths.get(i).path(), sizes.get(i).getAsLong(), layer));
      }
    }
    return rows;
  }

  private static List<PathRow> rows(Map<String, Long> sizes, int layer) {
    return sizes.entrySet().stream()
        .map(e -> new PathRow(e.getKey(), e.getValue(), layer))
        .sorted(Comparator.comparingLong(PathRow::size).reversed())
        .toList();
  }

  private long total() {
    return layers.stream().mapToLong(ImageReport::weight).sum();
  }

  private static long weight(LayerRow layer) {
    return layer.size() >= 0 ? layer.size() : layer.compressed();
  }

  /** Prints the report as tables. */
  void print(PrintWriter out, int largest) {
    out.println("Manifest  " + manifest.digest());
    out.println(
        "Platform  "
            + shown(config.os())
            + "/"
            + shown(config.architecture())
            + (config.created().isEmpty() ? "" : ", created " + shown(config.created())));
    out.println();
    Table table = new Table("rlrrrrl");
    table.row("#", "LAYER", "SIZE", "COMPRESSED", "SHARE", "PATHS", "");
    int number = 1;
    for (LayerRow layer : layers) {
      table.row(
          Integer.toString(number++),
          layer.blob().digest().hex().substring(0, DIGEST_SHOWN),
          size(layer.size()),
          size(layer.compressed()),
          share(weight(layer)),
          Integer.toString(layer.paths().size()),
          layer.source().isEmpty() ? names(layer.paths()) : "(in " + shown(layer.source()) + ")");
    }
    long compressed =
        layers.stream().anyMatch(l -> l.compressed() < 0)
            ? UNKNOWN
            : layers.stream().mapToLong(LayerRow::compressed).sum();
    boolean known = layers.stream().allMatch(l -> l.size() >= 0);
    int paths = layers.stream().mapToInt(l -> l.paths().size()).sum();
    table.row(
        "",
        "total",
        known ? size(total()) : "-",
        size(compressed),
        "",
        Integer.toString(paths),
        "");
    table.print(out);
    if (!this.paths.isEmpty() && largest > 0) {
      out.println();
      Table top = new Table("rrrl");
      top.row("SIZE", "SHARE", "LAYER", "LARGEST PATHS");
      this.paths.stream()
          .limit(largest)
          .forEach(p ->
              top.row(
                  size(p.size()), share(p.size()), Integer.toString(p.layer()), shown(p.path())));
      top.print(out);
    }
  }

  /** A text from an image without control characters, which could affect the terminal. */
  private static String shown(String text) {
    return FileNames.quote(text).replaceAll("^'|'$", "");
  }

  private static String size(long bytes) {
    return bytes < 0 ? "-" : Sizes.bytes(bytes);
  }

  private String share(long bytes) {
    long total = total();
    return total == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100.0 * bytes / total);
  }

  private static String names(List<String> paths) {
    StringBuilder out = new StringBuilder();
    for (String path : paths.stream().limit(NAMES_SHOWN).toList()) {
      out.append(out.isEmpty() ? "" : ", ").append(shown(shortName(path)));
    }
    int more = paths.size() - NAMES_SHOWN;
    return more > 0 ? out.append(", and ").append(more).append(" more").toString() : out + "";
  }

  /** The name of a store path without its hash. */
  private static String shortName(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return name.matches("[0-9a-z]{32}-.+") ? name.substring(33) : name;
  }

  /** Returns the report as JSON, with the keys of {@code skopeo inspect} and some more. */
  String toJson(String name, int largest) {
    List<String> digests = new ArrayList<>();
    List<Map<String, @Nullable Object>> data = new ArrayList<>();
    for (LayerRow layer : layers) {
      digests.add(layer.blob().digest().value());
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
      data.add(row);
    }
    List<Map<String, Object>> top = new ArrayList<>();
    for (PathRow path : paths.subList(0, Math.clamp(largest, 0, paths.size()))) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("Path", path.path());
      row.put("Size", path.size());
      row.put("Layer", path.layer());
      top.add(row);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("Name", name);
    json.put("Digest", manifest.digest().value());
    json.put("Created", config.created());
    json.put("Labels", config.settings().labels());
    json.put("Architecture", config.architecture());
    json.put("Os", config.os());
    json.put("Layers", digests);
    json.put("LayersData", data);
    json.put("Env", config.settings().env());
    json.put("LargestPaths", top);
    return JsonText.indented(json);
  }

  private static @Nullable Long known(long value) {
    return value < 0 ? null : value;
  }
}
