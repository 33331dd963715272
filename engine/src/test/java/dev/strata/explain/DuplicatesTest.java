package dev.strata.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.explain.Duplicates.Copy;
import dev.strata.explain.Duplicates.Duplicate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DuplicatesTest {
  private static LayerFiles.Entry file(String path, long size, long content) {
    return new LayerFiles.Entry(
        new FileEntry(path, FileEntry.Type.FILE, 0644, 0, 0, size, 1, "", Map.of()),
        new Checksum(content, size));
  }

  private static LayerFiles layer(LayerFiles.Entry... entries) {
    return new LayerFiles(List.of(entries), 0);
  }

  private static Duplicates of(LayerFiles... layers) {
    return Duplicates.of(List.of(layers), 10, 10);
  }

  @Test
  void theSameContentAtTheSamePathIsWasted() {
    Duplicates found =
        of(layer(file("/a", 7, 1)), layer(file("/a", 7, 1)), layer(file("/a", 7, 1)));
    assertEquals(14, found.wasted());
    assertEquals(0, found.shareable());
    List<Copy> copies = List.of(new Copy(0, "/a"), new Copy(1, "/a"), new Copy(2, "/a"));
    assertEquals(List.of(new Duplicate(7, 2, 0, copies)), found.largest());
  }

  @Test
  void theSameContentAtAnotherPathCouldBeShared() {
    Duplicates found = of(layer(file("/a", 7, 1), file("/b", 7, 1)), layer(file("/c", 7, 1)));
    assertEquals(0, found.wasted());
    assertEquals(14, found.shareable());
    assertEquals(14, found.largest().getFirst().bytes());
  }

  @Test
  void bothCanBeTrueOfOneContent() {
    Duplicates found =
        of(layer(file("/a", 7, 1), file("/b", 7, 1)), layer(file("/a", 7, 1), file("/a2", 7, 1)));
    assertEquals(7, found.wasted());
    assertEquals(14, found.shareable());
  }

  @Test
  void otherContentsAndEmptyFilesAreNoDuplicates() {
    LayerFiles.Entry folder =
        new LayerFiles.Entry(
            new FileEntry("/d", FileEntry.Type.DIRECTORY, 0755, 0, 0, 0, 1, "", Map.of()), null);
    Duplicates found =
        of(
            layer(folder, file("/a", 7, 1), file("/none", 0, 3)),
            layer(folder, file("/a", 7, 2), file("/empty", 0, 3)));
    assertEquals(new Duplicates(0, 0, List.of()), found);
  }

  @Test
  void theLargestAreListedAndAllAreCounted() {
    LayerFiles layer =
        layer(
            file("/small", 1, 1),
            file("/s", 1, 1),
            file("/z", 9, 2),
            file("/y", 9, 2),
            file("/x", 9, 3),
            file("/w", 9, 3),
            file("/v", 9, 3));
    Duplicates found = Duplicates.of(List.of(layer), 2, 1);
    assertEquals(1 + 9 + 18, found.shareable());
    assertEquals(
        List.of(
            new Duplicate(9, 0, 2, List.of(new Copy(0, "/x"))),
            new Duplicate(9, 0, 1, List.of(new Copy(0, "/z")))),
        found.largest());
  }
}
