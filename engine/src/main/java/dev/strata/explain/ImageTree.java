package dev.strata.explain;

import dev.strata.closure.StorePathName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The entries of all layers as a tree: layers, in these store paths and folders, in these files. A
 * store path is one node whatever folder it is in; its name is its whole path. Nodes are numbered
 * from 0, each after the one that contains it. Not thread-safe while entries are added.
 *
 * @since 0.1.0
 */
public final class ImageTree {
  /** The number of no node; the parent of layers. */
  public static final int NONE = -1;

  private static final Entry NO_ENTRY =
      new Entry(Kind.LAYER, /* size= */ 0, /* mode= */ 0, /* uid= */ 0, /* gid= */ 0, "");

  private final List<String> names = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();
  private int[] parents = new int[1024];
  private final Map<Child, Integer> children = new HashMap<>();

  /**
   * The kinds of nodes.
   *
   * @since 0.1.0
   */
  public enum Kind {
    /** A layer. */
    LAYER,
    /** A store path. */
    STORE_PATH,
    /** A directory. */
    DIRECTORY,
    /** A file with content. */
    FILE,
    /** A symbolic link. */
    SYMLINK,
    /** Another name of a file. */
    HARD_LINK,
    /** A device or a named pipe. */
    SPECIAL,
    /** The removal of something in lower layers. */
    WHITEOUT
  }

  /**
   * What is known of a node.
   *
   * @param kind its kind
   * @param size the size of its content in bytes
   * @param mode the permission bits
   * @param uid the number of the owner
   * @param gid the number of the group
   * @param link the target of a link; else empty
   * @since 0.1.0
   */
  public record Entry(Kind kind, long size, int mode, long uid, long gid, String link) {}

  private record Child(int parent, String name) {}

  /** Creates an empty tree. */
  public ImageTree() {}

  /**
   * Adds a layer without entries.
   *
   * @param name its name
   * @return its number
   */
  public int addLayer(String name) {
    return add(NONE, name, NO_ENTRY);
  }

  /**
   * Adds the entries of a layer.
   *
   * @param layer the number of the layer's node
   * @param files the entries; folders that contain store paths are left out
   */
  public void addAll(int layer, LayerFiles files) {
    Set<String> stores = new HashSet<>();
    files.entries().forEach(entry -> addStores(entry.file().path(), stores));
    for (LayerFiles.Entry entry : files.entries()) {
      boolean folder = entry.file().type() == FileEntry.Type.DIRECTORY;
      if (!folder || !stores.contains(entry.file().path())) {
        add(layer, entry.file());
      }
    }
  }

  /**
   * Adds a file.
   *
   * @param layer the number of the layer's node
   * @param file the file
   * @return its node
   */
  public int add(int layer, FileEntry file) {
    int node = layer;
    for (String name : names(file.path())) {
      int known = childOf(node, name);
      node = known == NONE ? addChild(node, name) : known;
    }
    if (node != layer) {
      boolean storePath = entries.get(node).kind() == Kind.STORE_PATH;
      boolean folder = file.type() == FileEntry.Type.DIRECTORY;
      entries.set(
          node,
          new Entry(
              storePath && folder ? Kind.STORE_PATH : kind(file),
              file.size(),
              file.mode(),
              file.uid(),
              file.gid(),
              file.link()));
    }
    return node;
  }

  /**
   * Finds a path.
   *
   * @param layer the number of a layer's node
   * @param path an absolute path
   * @return its node, or {@link #NONE} if the layer does not have it
   */
  public int find(int layer, String path) {
    int node = layer;
    for (String name : names(path)) {
      node = childOf(node, name);
      if (node == NONE) {
        return NONE;
      }
    }
    return node;
  }

  /** Returns the names of the nodes from a layer to a path. */
  private static List<String> names(String path) {
    List<String> names = new ArrayList<>();
    String storePath = StorePathName.storePathOf(path);
    int start = storePath.length();
    if (start > 0) {
      names.add(storePath);
    }
    while (start < path.length() - 1) {
      int end = path.indexOf('/', start + 1);
      end = end < 0 ? path.length() : end;
      names.add(path.substring(start + 1, end));
      start = end;
    }
    return names;
  }

  private int childOf(int parent, String name) {
    return children.getOrDefault(new Child(parent, name), NONE);
  }

  private int addChild(int parent, String name) {
    Kind kind = name.startsWith("/") ? Kind.STORE_PATH : Kind.DIRECTORY;
    int node = add(parent, name, new Entry(kind, 0, 0, 0, 0, ""));
    children.put(new Child(parent, name), node);
    return node;
  }

  private static Kind kind(FileEntry file) {
    if (file.isWhiteout()) {
      return Kind.WHITEOUT;
    }
    return switch (file.type()) {
      case FILE -> Kind.FILE;
      case DIRECTORY -> Kind.DIRECTORY;
      case SYMLINK -> Kind.SYMLINK;
      case HARD_LINK -> Kind.HARD_LINK;
      case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO -> Kind.SPECIAL;
    };
  }

  private int add(int parent, String name, Entry entry) {
    int node = names.size();
    if (node == parents.length) {
      parents = Arrays.copyOf(parents, 2 * node);
    }
    names.add(name);
    entries.add(entry);
    parents[node] = parent;
    return node;
  }

  /** Adds the folders that a store path is in. */
  private static void addStores(String path, Set<String> stores) {
    int end = StorePathName.storePathOf(path).length();
    for (int slash = path.lastIndexOf('/', end - 1);
        slash > 0 && stores.add(path.substring(0, slash));
        slash = path.lastIndexOf('/', slash - 1)) {
      // The set has the folder now.
    }
  }

  /**
   * Returns the number of nodes.
   *
   * @return the number
   */
  public int count() {
    return names.size();
  }

  /**
   * Returns the name of a node.
   *
   * @param node its number
   * @return the name of a layer, the path of a store path, or the last component of a path
   */
  public String name(int node) {
    return names.get(node);
  }

  /**
   * Returns what contains a node.
   *
   * @param node its number
   * @return a smaller number, or {@link #NONE} for a layer
   */
  public int parent(int node) {
    return parents[node];
  }

  /**
   * Returns what is known of a node.
   *
   * @param node its number
   * @return its properties
   */
  public Entry entry(int node) {
    return entries.get(node);
  }
}
