package dev.strata.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.explain.FileEntry.Type;
import dev.strata.explain.ImageTree.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ImageTreeTest {
  private static final String APP = "/nix/store/0c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x-app-1.0";

  private final ImageTree tree = new ImageTree();

  private static LayerFiles.Entry entry(String path, Type type, long size, String link) {
    return new LayerFiles.Entry(
        new FileEntry(path, type, 0640, 1, 2, size, 1, link, Map.of()), null);
  }

  private static LayerFiles.Entry file(String path, long size) {
    return entry(path, Type.FILE, size, "");
  }

  private static LayerFiles.Entry folder(String path) {
    return entry(path, Type.DIRECTORY, 0, "");
  }

  private int layer(LayerFiles.Entry... entries) {
    int layer = tree.addLayer("layer");
    tree.addAll(layer, new LayerFiles(List.of(entries), 0));
    return layer;
  }

  /** Lists each node after what contains it, with its kind. */
  private List<String> nodes() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < tree.count(); i++) {
      int parent = tree.parent(i);
      assertTrue(parent < i);
      lines.add(
          (parent == ImageTree.NONE ? "" : tree.name(parent) + " > ")
              + tree.name(i)
              + " "
              + tree.entry(i).kind());
    }
    return lines;
  }

  @Test
  void aStorePathIsOneNodeAndItsStoreIsNone() {
    int layer =
        layer(
            folder("/nix"),
            folder("/nix/store"),
            folder(APP),
            folder(APP + "/bin"),
            file(APP + "/bin/app", 9));
    assertEquals(
        List.of(
            "layer LAYER",
            "layer > " + APP + " STORE_PATH",
            APP + " > bin DIRECTORY",
            "bin > app FILE"),
        nodes());
    int file = tree.find(layer, APP + "/bin/app");
    assertEquals(new ImageTree.Entry(Kind.FILE, 9, 0640, 1, 2, ""), tree.entry(file));
    assertEquals(ImageTree.NONE, tree.find(layer, "/nix/store"));
    assertEquals(ImageTree.NONE, tree.find(layer, APP + "/bin/other"));
  }

  @Test
  void foldersThatAreNotListedAreAdded() {
    layer(file("/usr/lib/a", 1), file("/usr/b", 2), folder("/usr"));
    assertEquals(
        List.of(
            "layer LAYER",
            "layer > usr DIRECTORY",
            "usr > lib DIRECTORY",
            "lib > a FILE",
            "usr > b FILE"),
        nodes());
    assertEquals(0640, tree.entry(1).mode());
    assertEquals(0, tree.entry(2).mode());
  }

  @Test
  void eachTypeHasItsKind() {
    layer(
        entry("/link", Type.SYMLINK, 0, "a"),
        entry("/hard", Type.HARD_LINK, 0, "/link"),
        entry("/null", Type.CHARACTER_DEVICE, 0, "1,3"),
        entry("/fifo", Type.FIFO, 0, ""),
        file("/.wh.old", 0),
        file(APP, 3));
    List<Kind> kinds = new ArrayList<>();
    for (int i = 1; i < tree.count(); i++) {
      kinds.add(tree.entry(i).kind());
    }
    assertEquals(
        List.of(Kind.SYMLINK, Kind.HARD_LINK, Kind.SPECIAL, Kind.SPECIAL, Kind.WHITEOUT, Kind.FILE),
        kinds);
    assertEquals("a", tree.entry(1).link());
    assertEquals(APP, tree.name(6));
  }

  @Test
  void layersDoNotShareNodesAndTheLastEntryOfANameCounts() {
    int first = layer(file("/a", 1), file("/a", 5));
    int second = layer(file("/a", 2));
    assertEquals(5, tree.entry(tree.find(first, "/a")).size());
    assertEquals(2, tree.entry(tree.find(second, "/a")).size());
    assertEquals(4, tree.count());
  }

  @Test
  void theRootIsTheLayer() {
    int layer = layer(folder("/"));
    assertEquals(layer, tree.find(layer, "/"));
    assertEquals(List.of("layer LAYER"), nodes());
  }

  @Test
  void manyNodesAreFoundAgain() {
    LayerFiles.Entry[] entries = new LayerFiles.Entry[5000];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = file("/d" + i % 70 + "/f" + i, i);
    }
    int layer = layer(entries);
    assertEquals(1 + 70 + 5000, tree.count());
    for (int i = 0; i < entries.length; i++) {
      int node = tree.find(layer, "/d" + i % 70 + "/f" + i);
      assertEquals(i, tree.entry(node).size());
      assertEquals("f" + i, tree.name(node));
      assertEquals("d" + i % 70, tree.name(tree.parent(node)));
    }
  }
}
