package dev.strata.cli.command;

import dev.strata.closure.ClosureGraph;
import dev.strata.closure.NarInfo;
import dev.strata.closure.StorePath;
import dev.strata.explain.FileChange;
import dev.strata.explain.FileChanges;
import dev.strata.explain.PathChange;
import dev.strata.explain.PathChanges;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import dev.strata.layer.Layer;
import dev.strata.layering.LayerPath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What has changed in a layer that no longer has its digest: files, if the build wrote a witness;
 * paths, if a closure graph or Nix knows their hashes. Immutable.
 *
 * @param files the changed files
 * @param paths the changed paths
 * @param notes why the witness could not be used
 * @param unexplained why nothing has been found; empty if something has
 * @param remedy what to do about it
 */
public record ChangeReport(
    List<FileChange> files,
    List<PathChange> paths,
    List<String> notes,
    String unexplained,
    Remedy remedy) {
  private static final int SHOWN = 10;

  /** What to do about a changed layer. */
  public enum Remedy {
    BUILD_AGAIN("build-again", "the files have changed since the layer was built: build it again"),
    NOT_REPRODUCIBLE(
        "not-reproducible",
        "Nix has built the path again with another result: build the image again; with"
            + " 'reproducible = false', its layer is stored and no longer depends on that"),
    REPAIR(
        "repair-store",
        "the Nix store is damaged: run 'nix-store --verify --check-contents --repair'");

    private final String id;
    private final String text;

    Remedy(String id, String text) {
      this.id = id;
      this.text = text;
    }

    /** The name in JSON. */
    public String id() {
      return id;
    }

    /** The advice to a user. */
    public String text() {
      return text;
    }
  }

  /**
   * Finds out what has changed.
   *
   * @param layer a layer with paths
   * @param graph what was recorded of the paths when they were built; null if unknown
   * @param store the Nix store
   * @param jobs the number of workers
   */
  public static ChangeReport of(Layer layer, @Nullable ClosureGraph graph, NixStore store, int jobs)
      throws InterruptedException {
    List<String> notes = new ArrayList<>();
    List<FileChange> files = files(layer, jobs, notes);
    Set<String> affected = new LinkedHashSet<>();
    for (FileChange file : files) {
      affected.addAll(pathsOf(file, layer));
    }
    if (files.isEmpty()) {
      layer.paths().forEach(path -> affected.add(path.path()));
    }
    Map<String, NarInfo> registered = registered(affected, store);
    Map<String, NarInfo> built = new HashMap<>();
    if (graph != null) {
      graph.paths().forEach(path -> built.put(path.path(), path.nar()));
    }
    List<StorePath> recorded = new ArrayList<>();
    int unknown = 0;
    for (String path : affected) {
      NarInfo nar = built.getOrDefault(path, NarInfo.UNKNOWN);
      nar = nar.equals(NarInfo.UNKNOWN) ? registered.getOrDefault(path, nar) : nar;
      unknown += nar.equals(NarInfo.UNKNOWN) ? 1 : 0;
      recorded.add(new StorePath(path, List.of(), nar));
    }
    List<PathChange> paths = PathChanges.find(recorded, jobs);
    String unexplained =
        files.isEmpty() && paths.isEmpty() ? unexplained(unknown, recorded.size()) : "";
    return new ChangeReport(files, paths, notes, unexplained, remedy(paths, affected, registered));
  }

  private static List<FileChange> files(Layer layer, int jobs, List<String> notes) {
    if (layer.witness().isEmpty()) {
      return List.of();
    }
    try {
      return FileChanges.find(layer, jobs);
    } catch (StrataException e) {
      notes.add(String.valueOf(e.getMessage()));
      return List.of();
    }
  }

  /** Returns the path of the layer that a file belongs to; all that are renamed if unknown. */
  private static Set<String> pathsOf(FileChange file, Layer layer) {
    Set<String> all = new LinkedHashSet<>();
    Set<String> renamed = new LinkedHashSet<>();
    for (LayerPath path : layer.paths()) {
      all.add(path.path());
      if (path.options() != null && path.options().rewrite().appliesTo(path.path())) {
        renamed.add(path.path());
      }
    }
    String name = file.source().isEmpty() ? file.path() : file.source();
    for (int end = name.length(); end > 0; end = name.lastIndexOf('/', end - 1)) {
      if (all.contains(name.substring(0, end))) {
        return Set.of(name.substring(0, end));
      }
    }
    return renamed;
  }

  private static Map<String, NarInfo> registered(Set<String> paths, NixStore store)
      throws InterruptedException {
    List<String> inStore =
        paths.stream()
            .filter(p -> store.storePathOf(FileNames.path(p)).filter(p::equals).isPresent())
            .toList();
    return inStore.isEmpty() ? Map.of() : store.archives(inStore);
  }

  private static String unexplained(int unknown, int paths) {
    if (unknown == 0) {
      return "each path is as it was recorded, so the paths were built again after the layer";
    }
    return (unknown == paths ? "no path" : "not each path")
        + " has a recorded hash; build with --witness to see which files change";
  }

  private static Remedy remedy(
      List<PathChange> changes, Set<String> affected, Map<String, NarInfo> registered) {
    Map<String, PathChange> changed = new LinkedHashMap<>();
    changes.forEach(change -> changed.put(change.path(), change));
    boolean rebuilt = false;
    for (String path : affected) {
      NarInfo wanted = registered.get(path);
      if (wanted == null) {
        continue;
      }
      PathChange change = changed.get(path);
      if (change != null && !change.found().hash().equals(wanted.hash())) {
        return Remedy.REPAIR;
      }
      rebuilt = true;
    }
    boolean elsewhere = changed.keySet().stream().anyMatch(path -> !registered.containsKey(path));
    return rebuilt && !elsewhere ? Remedy.NOT_REPRODUCIBLE : Remedy.BUILD_AGAIN;
  }

  /** Describes the changes, each on a line, and what to do about them. */
  public List<String> lines() {
    List<String> lines = changes();
    if (!unexplained.isEmpty()) {
      lines.add(unexplained);
    }
    lines.add(remedy.text());
    return lines;
  }

  /** The same after the message of an error, which says that the layer is to be built again. */
  public List<String> linesAfterMessage() {
    List<String> lines = changes();
    if (remedy != Remedy.BUILD_AGAIN) {
      lines.add(remedy.text());
    }
    return lines;
  }

  private List<String> changes() {
    List<String> lines = new ArrayList<>(notes);
    List<String> changes = new ArrayList<>();
    if (files.isEmpty()) {
      paths.forEach(path -> changes.add(described(path)));
    } else {
      files.forEach(file -> changes.add(described(file)));
    }
    lines.addAll(changes.subList(0, Math.min(SHOWN, changes.size())));
    if (changes.size() > SHOWN) {
      lines.add("... and " + (changes.size() - SHOWN) + " more");
    }
    return lines;
  }

  private static String described(FileChange file) {
    List<String> parts = new ArrayList<>();
    for (FileChange.Difference d : file.differences()) {
      parts.add(
          switch (d.kind()) {
            case MISSING -> "missing";
            case NEW -> "new";
            case TYPE -> "was " + d.before() + ", is " + d.after();
            case SIZE -> "size " + d.before() + " -> " + d.after();
            case CONTENT -> "content";
            case MODE -> "mode " + d.before() + " -> " + d.after();
            case LINK ->
                "link " + FileNames.quote(d.before()) + " -> " + FileNames.quote(d.after());
            case UNREADABLE -> d.after();
          });
    }
    String name = file.source().isEmpty() ? file.path() : file.source();
    return FileNames.quote(name) + ": " + String.join(", ", parts);
  }

  private static String described(PathChange path) {
    return switch (path.kind()) {
      case CONTENT ->
          FileNames.quote(path.path())
              + ": NAR hash "
              + path.recorded().hash().map(Object::toString).orElse("?")
              + " -> "
              + path.found().hash().map(Object::toString).orElse("?");
      case SIZE ->
          FileNames.quote(path.path())
              + ": NAR size "
              + path.recorded().size().orElse(-1)
              + " -> "
              + path.found().size().orElse(-1);
      case MISSING, UNREADABLE -> FileNames.quote(path.path()) + ": " + path.problem();
    };
  }

  /** Returns the report as values for JSON. */
  public Map<String, @Nullable Object> toJson() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("files", files.stream().map(ChangeReport::json).toList());
    json.put("paths", paths.stream().map(ChangeReport::json).toList());
    List<String> all = new ArrayList<>(notes);
    if (!unexplained.isEmpty()) {
      all.add(unexplained);
    }
    json.put("notes", all);
    json.put("remedy", remedy.id());
    return json;
  }

  private static Map<String, @Nullable Object> json(FileChange file) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("path", file.path());
    json.put("source", file.source().isEmpty() ? null : file.source());
    List<Object> differences = new ArrayList<>();
    for (FileChange.Difference d : file.differences()) {
      Map<String, Object> difference = new LinkedHashMap<>();
      difference.put("kind", name(d.kind()));
      difference.put("before", d.before());
      difference.put("after", d.after());
      differences.add(difference);
    }
    json.put("differences", differences);
    return json;
  }

  private static Map<String, @Nullable Object> json(PathChange path) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("path", path.path());
    json.put("kind", name(path.kind()));
    json.put("narHash", path.recorded().hash().map(Object::toString).orElse(null));
    json.put("foundNarHash", path.found().hash().map(Object::toString).orElse(null));
    json.put("problem", path.problem());
    return json;
  }

  private static String name(Enum<?> kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
