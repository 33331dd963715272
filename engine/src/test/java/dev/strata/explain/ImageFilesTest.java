package dev.strata.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.explain.FileEntry.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ImageFilesTest {
  private static LayerFiles.Entry entry(String path, Type type, String link) {
    FileEntry file = new FileEntry(path, type, 0644, 0, 0, 5, 1, link, Map.of());
    return new LayerFiles.Entry(file, type == Type.FILE ? new Checksum(path.hashCode(), 1) : null);
  }

  private static LayerFiles.Entry file(String path) {
    return entry(path, Type.FILE, "");
  }

  private static LayerFiles.Entry directory(String path) {
    return entry(path, Type.DIRECTORY, "");
  }

  private static LayerFiles layer(LayerFiles.Entry... entries) {
    return new LayerFiles(List.of(entries), 0);
  }

  private static List<String> visible(LayerFiles... layers) {
    List<String> shown = new ArrayList<>();
    for (ImageFiles.Placed placed : ImageFiles.of(List.of(layers)).files()) {
      shown.add(placed.layer() + placed.file().path());
    }
    return shown;
  }

  @Test
  void upperLayersHideLowerOnes() {
    assertEquals(
        List.of("1/a", "0/b", "1/c"),
        visible(layer(file("/a"), file("/b")), layer(file("/c"), file("/a"))));
  }

  @Test
  void aWhiteoutRemovesAFileOrADirectoryOfLowerLayers() {
    assertEquals(
        List.of("0/d-x", "1/d/new", "0/d0"),
        visible(
            layer(directory("/d"), file("/d/a"), file("/d-x"), file("/d0"), file("/e")),
            layer(file("/.wh.d"), file("/d/new"), file("/.wh.e"))));
  }

  @Test
  void anOpaqueWhiteoutEmptiesADirectory() {
    assertEquals(
        List.of("0/d", "1/d/b", "0/e"),
        visible(
            layer(directory("/d"), file("/d/a"), file("/e")),
            layer(file("/d/b"), file("/d/.wh..wh..opq"))));
  }

  @Test
  void aFileReplacesADirectoryWithItsContents() {
    assertEquals(List.of("1/d"), visible(layer(directory("/d"), file("/d/a")), layer(file("/d"))));
  }

  @Test
  void aDirectoryKeepsWhatLowerLayersHaveInIt() {
    assertEquals(
        List.of("1/d", "0/d/a", "1/d/b"),
        visible(layer(directory("/d"), file("/d/a")), layer(directory("/d"), file("/d/b"))));
  }

  @Test
  void aHardLinkHasThePropertiesOfItsFile() {
    ImageFiles files =
        ImageFiles.of(List.of(layer(file("/a")), layer(entry("/b", Type.HARD_LINK, "/a"))));

    ImageFiles.Placed linked = files.files().get(1);
    assertEquals("/b", linked.file().path());
    assertEquals(Type.FILE, linked.file().type());
    assertEquals("/a", linked.file().link());
    assertEquals(files.files().get(0).content(), linked.content());
    assertEquals(1, linked.layer());
  }
}
