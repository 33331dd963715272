package dev.strata.cli.look;

import dev.strata.blob.Descriptor;
import dev.strata.cli.terminal.JsonText;
import dev.strata.closure.StorePathName;
import dev.strata.explain.ClosureAnalysis;
import dev.strata.explain.Duplicates;
import dev.strata.explain.FileEntry;
import dev.strata.explain.FilesDiff;
import dev.strata.explain.ImageFiles;
import dev.strata.explain.ImageTree;
import dev.strata.explain.LayerFiles;
import dev.strata.explain.LayersDiff;
import dev.strata.explain.StorePathsDiff;
import dev.strata.image.ConfigJson;
import dev.strata.image.ImageBlobs;
import dev.strata.io.FileNames;
import dev.strata.oci.Manifest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The data of a report as JSON. The files are columns of numbers, which a browser reads faster than
 * objects, and which compress better. The page's script (report.js) describes the columns.
 */
final class ReportData {
  private static final int CHAINS = 5;
  private static final long SAME = 0;
  private static final long ADDED = 1;
  private static final long CHANGED = 2;
  private static final long REMOVED = 3;

  /** In a layer, but replaced or removed by one above it. */
  private static final long HIDDEN = 4;

  private final Map<String, @Nullable Object> json = new LinkedHashMap<>();
  private final Map<String, Long> texts = new LinkedHashMap<>();
  private final ImageTree tree = new ImageTree();
  private final List<Object> changes = new ArrayList<>();
  private final Set<String> oldPaths = new HashSet<>();
  private long[] states = {};

  /**
   * An image whose layers have been read.
   *
   * @param name how the user named it
   * @param blobs its blobs
   * @param layers the entries of its layers
   */
  record ReadImage(String name, ImageBlobs blobs, List<LayerFiles> layers) {}

  /**
   * Collects the files.
   *
   * @param image the image
   * @param other the image to compare it with, or null
   */
  ReportData(ReadImage image, @Nullable ReadImage other) {
    addImage(image, other);
    addLayers(image, other);
    addFiles(image, other);
  }

  /** Returns the store paths in the image, sorted. */
  Set<String> storePaths() {
    Set<String> paths = new TreeSet<>();
    // Later nodes are only in the other image.
    for (int i = 0; i < states.length; i++) {
      if (tree.entry(i).kind() == ImageTree.Kind.STORE_PATH) {
        paths.add(tree.name(i));
      }
    }
    return paths;
  }

  /**
   * Returns the data.
   *
   * @param closure the references between the store paths, or null
   * @param reasons why roots of the closure are in the image, where that is known
   */
  String toJson(@Nullable ClosureAnalysis closure, Map<String, String> reasons) {
    addColumns();
    addReferences(closure, reasons);
    json.put("texts", new ArrayList<>(texts.keySet()));
    return JsonText.compact(json);
  }

  private void addImage(ReadImage image, @Nullable ReadImage other) {
    ConfigJson config =
        ConfigJson.parse("the configuration", Manifest.bytes(image.blobs().config()));
    json.put("name", shown(image.name()));
    json.put("digest", image.blobs().manifest().descriptor().digest().value());
    json.put("platform", shown(config.os() + "/" + config.architecture()));
    json.put("created", shown(config.created()));
    json.put("against", other == null ? null : shown(other.name()));
  }

  private void addLayers(ReadImage image, @Nullable ReadImage other) {
    Set<Integer> uploaded = new HashSet<>();
    if (other != null) {
      LayersDiff.of(other.blobs(), image.blobs())
          .downloaded()
          .forEach(layer -> uploaded.add(layer.number()));
    }
    List<Object> layers = new ArrayList<>();
    for (int i = 0; i < image.layers().size(); i++) {
      Descriptor blob = image.blobs().layers().get(i).descriptor();
      Map<String, Object> layer = new LinkedHashMap<>();
      layer.put("digest", blob.digest().value());
      layer.put("blobSize", blob.size());
      layer.put("size", image.layers().get(i).size());
      layer.put("upload", uploaded.contains(i));
      layers.add(layer);
    }
    json.put("layers", layers);
  }

  /** Layers are the first nodes. What only the other image has follows in a layer of its own. */
  private void addFiles(ReadImage image, @Nullable ReadImage other) {
    int count = image.layers().size();
    for (int i = 0; i <= count; i++) {
      tree.addLayer("");
    }
    for (int i = 0; i < count; i++) {
      tree.addAll(i, image.layers().get(i));
    }
    states = new long[tree.count()];
    Arrays.fill(states, HIDDEN);
    addDuplicates(image.layers());
    ImageFiles now = ImageFiles.of(image.layers());
    // There are many files: their paths are kept only if they are looked up.
    Map<String, Integer> visible = new HashMap<>();
    for (ImageFiles.Placed placed : now.files()) {
      int node = tree.find(placed.layer(), placed.file().path());
      if (node != ImageTree.NONE) {
        states[node] = SAME;
        if (other != null) {
          visible.put(placed.file().path(), node);
        }
      }
    }
    if (other != null) {
      FilesDiff diff = FilesDiff.of(ImageFiles.of(other.layers()), now, false);
      diff.forEach(change -> addChange(change, visible, count));
      addStorePaths(diff.storePaths());
    }
  }

  private void addDuplicates(List<LayerFiles> layers) {
    Duplicates duplicates = Duplicates.of(layers, Integer.MAX_VALUE, Integer.MAX_VALUE);
    List<Object> rows = new ArrayList<>();
    for (Duplicates.Duplicate duplicate : duplicates.largest()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("wasted", duplicate.size() * duplicate.wasted());
      row.put("shareable", duplicate.size() * duplicate.shareable());
      row.put(
          "nodes",
          duplicate.copies().stream().map(copy -> tree.find(copy.layer(), copy.path())).toList());
      rows.add(row);
    }
    json.put("wasted", duplicates.wasted());
    json.put("shareable", duplicates.shareable());
    json.put("duplicates", rows);
  }

  private void addChange(FilesDiff.Change change, Map<String, Integer> visible, int removed) {
    FileEntry before = change.before();
    FileEntry after = change.after();
    if (after == null) {
      tree.add(removed, Objects.requireNonNull(before));
      return;
    }
    Integer node = visible.get(after.path());
    if (node != null) {
      states[node] = before == null ? ADDED : CHANGED;
      if (before != null) {
        changes.add(List.of(node, shown(difference(before, after, change.properties()))));
      }
    }
  }

  private static String difference(
      FileEntry before, FileEntry after, Set<FilesDiff.Property> properties) {
    List<String> parts = new ArrayList<>();
    for (FilesDiff.Property property : new TreeSet<>(properties)) {
      parts.add(
          switch (property) {
            case TYPE -> "type " + lower(before.type()) + " \u2192 " + lower(after.type());
            case MODE ->
                "mode "
                    + Integer.toOctalString(before.mode())
                    + " \u2192 "
                    + Integer.toOctalString(after.mode());
            case OWNER ->
                "owner "
                    + (before.uid() + ":" + before.gid())
                    + " \u2192 "
                    + (after.uid() + ":" + after.gid());
            case SIZE -> "size " + before.size() + " \u2192 " + after.size();
            case LINK -> "link " + before.link() + " \u2192 " + after.link();
            case CONTENT, ATTRIBUTES, MTIME -> lower(property);
          });
    }
    return String.join(", ", parts);
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private void addStorePaths(StorePathsDiff diff) {
    List<Object> rows = new ArrayList<>();
    for (StorePathsDiff.Replaced pair : diff.replaced()) {
      rows.add(row(pair.before(), pair.after()));
    }
    diff.added().forEach(path -> rows.add(row(null, path)));
    diff.removed().forEach(path -> rows.add(row(path, null)));
    json.put("pathChanges", rows);
  }

  private Map<String, Object> row(
      StorePathsDiff.@Nullable Sized before, StorePathsDiff.@Nullable Sized after) {
    Map<String, Object> row = new LinkedHashMap<>();
    if (before != null) {
      row.put("before", text(before.path()));
      oldPaths.add(before.path());
    }
    if (after != null) {
      row.put("after", text(after.path()));
    }
    row.put("delta", (after == null ? 0 : after.size()) - (before == null ? 0 : before.size()));
    return row;
  }

  private void addColumns() {
    int count = tree.count();
    List<Object> parents = new ArrayList<>(count);
    List<Object> names = new ArrayList<>(count);
    List<Object> kinds = new ArrayList<>(count);
    List<Object> sizes = new ArrayList<>(count);
    List<Object> owners = new ArrayList<>(count);
    List<Object> links = new ArrayList<>(count);
    List<Object> stateOfEach = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      ImageTree.Entry entry = tree.entry(i);
      parents.add(tree.parent(i) == ImageTree.NONE ? 0 : i - tree.parent(i));
      names.add(text(tree.name(i)));
      kinds.add(number(entry.kind()));
      sizes.add(entry.size());
      owners.add(text(Integer.toOctalString(entry.mode()) + " " + entry.uid() + ":" + entry.gid()));
      links.add(text(entry.link()));
      stateOfEach.add(i < states.length ? states[i] : REMOVED);
    }
    Map<String, Object> nodes = new LinkedHashMap<>();
    nodes.put("parent", parents);
    nodes.put("name", names);
    nodes.put("kind", kinds);
    nodes.put("size", sizes);
    nodes.put("owner", owners);
    nodes.put("link", links);
    nodes.put("state", stateOfEach);
    json.put("nodes", nodes);
    json.put("changes", changes);
  }

  /** The number of a kind in the data. */
  private static int number(ImageTree.Kind kind) {
    return switch (kind) {
      case LAYER -> 0;
      case STORE_PATH -> 1;
      case DIRECTORY -> 2;
      case FILE -> 3;
      case SYMLINK -> 4;
      case HARD_LINK -> 5;
      case SPECIAL -> 6;
      case WHITEOUT -> 7;
    };
  }

  /** Adds the name of every store path, and why it is in the image. */
  private void addReferences(@Nullable ClosureAnalysis closure, Map<String, String> reasons) {
    Set<String> paths = storePaths();
    paths.addAll(oldPaths);
    Set<String> explained = closure == null ? Set.of() : new HashSet<>(closure.paths());
    paths.addAll(explained);
    List<Object> rows = new ArrayList<>();
    for (String path : paths) {
      StorePathName name = StorePathName.of(path);
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("path", text(path));
      row.put("name", shown(name.name()));
      row.put("version", shown(name.version()));
      if (closure != null && explained.contains(path)) {
        List<List<String>> chains = closure.chains(path, CHAINS + 1);
        row.put(
            "chains",
            chains.stream()
                .limit(CHAINS)
                .map(chain -> chain.stream().map(this::text).toList())
                .toList());
        row.put("more", chains.size() > CHAINS);
        row.put("reason", shown(reasons.getOrDefault(path, "")));
        row.put("lost", closure.lostWithout(path).stream().map(this::text).toList());
      }
      rows.add(row);
    }
    json.put("paths", rows);
    json.put("references", closure != null);
  }

  /** Returns the number of a text in the table of texts. */
  private long text(String text) {
    return texts.computeIfAbsent(shown(text), _ -> (long) texts.size());
  }

  /** A text from an image with escapes for what would not be visible, or would affect the rest. */
  private static String shown(String text) {
    String quoted = FileNames.quote(text);
    return quoted.substring(1, quoted.length() - 1);
  }
}
