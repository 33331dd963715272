package dev.strata.cli.look;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.cli.options.CopyReport;
import dev.strata.explain.Duplicates;
import dev.strata.explain.ImageContents;
import dev.strata.explain.LayerFiles;
import dev.strata.image.ConfigJson;
import dev.strata.image.ImageBlobs;
import dev.strata.layer.Layer;
import dev.strata.layer.RegistryLayer;
import dev.strata.layering.LayerPath;
import dev.strata.oci.Manifest;
import dev.strata.transport.Transfer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What is in an image. Immutable.
 *
 * @param name the name of the image as the user wrote it
 * @param manifest the descriptor of the manifest
 * @param artifactType the type of an artifact that is not the image of a container; empty for an
 *     image
 * @param config the configuration; null for an artifact
 * @param base the image that this one is built on; empty if it is unknown
 * @param layers the layers, the lowest first
 * @param paths the paths of all layers, the largest first
 * @param duplicates the files that are stored more than once; null if that is unknown
 */
record ImageReport(
    String name,
    Descriptor manifest,
    String artifactType,
    @Nullable ConfigJson config,
    String base,
    List<LayerRow> layers,
    List<PathRow> paths,
    @Nullable Duplicates duplicates) {
  private static final long UNKNOWN = -1;
  private static final String BASE_NAME = "org.opencontainers.image.base.name";
  private static final String BASE_DIGEST = "org.opencontainers.image.base.digest";
  private static final int COPIES_SHOWN = 3;

  /**
   * A layer.
   *
   * @param blob the descriptor of its blob
   * @param size the uncompressed size in bytes; negative if unknown
   * @param compressed the compressed size in bytes; negative if unknown
   * @param paths the paths that it contains, the largest first if their sizes are known; null if
   *     they are unknown
   * @param source the repository that it lies in if it is not on this machine; else empty
   */
  record LayerRow(
      Descriptor blob, long size, long compressed, @Nullable List<String> paths, String source) {}

  /**
   * A path.
   *
   * @param path the path
   * @param size the size in the tar of the layer, in bytes
   * @param layer the number of the layer, from 0
   */
  record PathRow(String path, long size, int layer) {}

  /**
   * How much to find out.
   *
   * @param deep whether to read all layers, to find duplicates as well
   * @param remote whether layers would have to be downloaded, and so are only read if deep
   * @param duplicates the number of duplicates to list
   * @param jobs the number of workers
   */
  record Depth(boolean deep, boolean remote, int duplicates, int jobs) {}

  /**
   * Examines an image.
   *
   * @param described the layers with their paths, if these are known; otherwise paths are read from
   *     the layers
   * @param sizes determines compressed sizes
   */
  static ImageReport of(
      String name,
      ImageBlobs image,
      @Nullable List<Layer> described,
      CompressedSizes sizes,
      Depth depth) {
    List<Blob> blobs = image.layers();
    List<@Nullable PathSizes> read = new ArrayList<>();
    Duplicates duplicates = null;
    if (depth.deep() && image.isImage()) {
      Transfer transfer = new Transfer(depth.jobs(), CopyReport.SILENT);
      List<LayerFiles> files = ImageContents.read(image, true, transfer);
      files.forEach(layer -> read.add(PathSizes.of(layer)));
      duplicates = Duplicates.of(files, depth.duplicates(), COPIES_SHOWN);
    } else {
      List<Blob> wanted = new ArrayList<>();
      for (int i = 0; i < blobs.size(); i++) {
        boolean known = described != null && !described.get(i).paths().isEmpty();
        boolean far = depth.remote() || blobs.get(i) instanceof RegistryLayer;
        if (image.isImage() && !known && !far) {
          wanted.add(blobs.get(i));
        }
      }
      List<PathSizes> contents = PathSizes.read(wanted, depth.jobs());
      blobs.forEach(
          blob -> read.add(wanted.contains(blob) ? contents.get(wanted.indexOf(blob)) : null));
    }
    List<LayerRow> layers = new ArrayList<>();
    List<PathRow> paths = new ArrayList<>();
    for (int i = 0; i < blobs.size(); i++) {
      Blob blob = blobs.get(i);
      PathSizes contents = read.get(i);
      List<LayerPath> known = described == null ? List.of() : described.get(i).paths();
      List<String> names = known.isEmpty() ? null : known.stream().map(ImagePaths::name).toList();
      long size = CompressedSizes.isPlain(blob) ? blob.descriptor().size() : UNKNOWN;
      if (contents != null) {
        List<PathRow> held = rows(contents.sizes(), i);
        paths.addAll(held);
        names = held.stream().map(PathRow::path).toList();
        size = contents.size();
      } else if (!known.isEmpty()) {
        List<PathRow> held = sizesOf(known, i, depth.jobs());
        held.sort(Comparator.comparingLong(PathRow::size).reversed());
        paths.addAll(held);
        names = held.size() == known.size() ? held.stream().map(PathRow::path).toList() : names;
      }
      layers.add(
          new LayerRow(
              blob.descriptor(),
              size,
              image.isImage() ? sizes.of(blob).orElse(UNKNOWN) : blob.descriptor().size(),
              names,
              source(blob)));
    }
    paths.sort(Comparator.comparingLong(PathRow::size).reversed().thenComparing(PathRow::path));
    boolean isImage = image.isImage();
    return new ImageReport(
        name,
        image.manifest().descriptor(),
        isImage ? "" : artifactType(image),
        isImage ? config(image.config()) : null,
        base(image),
        layers,
        paths,
        duplicates);
  }

  private static String artifactType(ImageBlobs image) {
    String stated =
        JsonTree.parse("the manifest", Manifest.bytes(image.manifest())).text("artifactType");
    boolean layers = stated.isEmpty() && !image.layers().isEmpty();
    String config = image.config().descriptor().mediaType();
    boolean general = config.startsWith("application/vnd.oci.") || config.isEmpty();
    return stated.isEmpty() && layers && general
        ? image.layers().getFirst().descriptor().mediaType()
        : stated.isEmpty() ? config : stated;
  }

  private static String base(ImageBlobs image) {
    Map<String, String> annotations = Manifest.of(image.manifest()).annotations();
    String name = annotations.getOrDefault(BASE_NAME, "");
    String digest = annotations.getOrDefault(BASE_DIGEST, "");
    if (!name.isEmpty() || !digest.isEmpty()) {
      return name.isEmpty() || digest.isEmpty() ? name + digest : name + "@" + digest;
    }
    // If all layers are in a registry, they may have been pushed there one by one.
    boolean others = image.layers().stream().anyMatch(layer -> !(layer instanceof RegistryLayer));
    for (Blob layer : image.layers()) {
      if (others && layer instanceof RegistryLayer) {
        return source(layer);
      }
    }
    return "";
  }

  private static String source(Blob blob) {
    return blob instanceof RegistryLayer layer ? layer.source().repository().toString() : "";
  }

  private static ConfigJson config(Blob blob) {
    return ConfigJson.parse(
        "the configuration " + blob.descriptor().digest(), Manifest.bytes(blob));
  }

  private static List<PathRow> sizesOf(List<LayerPath> paths, int layer, int jobs) {
    List<PathRow> rows = new ArrayList<>();
    List<OptionalLong> sizes = ImagePaths.sizes(paths, jobs);
    for (int i = 0; i < sizes.size(); i++) {
      if (sizes.get(i).isPresent()) {
        rows.add(new PathRow(ImagePaths.name(paths.get(i)), sizes.get(i).getAsLong(), layer));
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

  /** The sum of the uncompressed sizes in bytes; negative if one is unknown. */
  long size() {
    return layers.stream().anyMatch(l -> l.size() < 0)
        ? UNKNOWN
        : layers.stream().mapToLong(LayerRow::size).sum();
  }

  /** The sum of the compressed sizes in bytes; negative if one is unknown. */
  long compressed() {
    return layers.stream().anyMatch(l -> l.compressed() < 0)
        ? UNKNOWN
        : layers.stream().mapToLong(LayerRow::compressed).sum();
  }

  /** Whether it is unknown what one of the layers contains. */
  boolean hasUnread() {
    return config != null && layers.stream().anyMatch(l -> l.paths() == null);
  }
}
