package dev.strata.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.fixtures.FileTrees;
import dev.strata.image.JsonFiles;
import dev.strata.layering.LayerPath;
import dev.strata.testing.BuildLayers;
import dev.strata.testing.FileModes;
import dev.strata.testing.SparseFolder;
import dev.strata.testing.Tools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 900, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class MemoryIT {
  private static final String HEAP = "-Xmx96m";
  private static final int FOLDERS = 1_300;
  private static final int FILES_IN_A_FOLDER = 99;
  private static final long NINE_GIB = 9L << 30;

  private Path temporary;

  @BeforeEach
  void createTemporaryDirectory() throws IOException {
    temporary = Files.createTempDirectory("strata-memory").toRealPath();
  }

  @AfterEach
  void deleteTemporaryDirectory() throws IOException {
    FileTrees.deleteRecursively(temporary);
  }

  @Test
  void aLayerOf130000EntriesNeedsLittleHeap() throws Exception {
    Path tree = temporary.resolve("tree");
    for (int i = 0; i < FOLDERS; i++) {
      Path folder = Files.createDirectories(tree.resolve("a-folder-of-some-files-" + i));
      for (int k = 0; k < FILES_IN_A_FOLDER; k++) {
        Files.createFile(folder.resolve("a-file-with-a-name-of-the-usual-length-" + k + ".txt"));
      }
    }

    List<List<LayerPath>> plan = List.of(List.of(new LayerPath(tree.toString(), null)));
    Layer layer = LayerBuilder.create().build(plan).getFirst();
    for (String way : FileModes.all()) {
      assertEquals(layer, build(tree, way), way);
    }
    assertTrue(
        layer.size().orElseThrow() > 512L * (FOLDERS * (FILES_IN_A_FOLDER + 1)), "too small");
  }

  @Test
  void aSparseFileOf9GibNeedsLittleHeap() throws Exception {
    Path folder = SparseFolder.create("strata-memory");
    try {
      Path file = folder.resolve("sparse");
      try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
        sparse.setLength(NINE_GIB);
        sparse.seek(NINE_GIB - 3);
        sparse.write("end".getBytes(StandardCharsets.US_ASCII));
      }

      Layer layer = build(file, "native");

      // The file with the records for a size that USTAR can't hold, its parents and the end.
      int parents = file.getNameCount();
      assertEquals(NINE_GIB + 512L * (parents + 3) + 1024, layer.size().orElseThrow());
    } finally {
      FileTrees.deleteRecursively(folder);
    }
  }

  /** Builds a layer in a JVM with a small heap. */
  private Layer build(Path path, String way) throws Exception {
    Path out = temporary.resolve("layers.json");
    List<String> options = FileModes.options(way);
    options.add(HEAP);
    List<String> command = Tools.java(BuildLayers.class, options.toArray(String[]::new));
    command.addAll(List.of(out.toString(), "-", "2", path.toString()));
    Process child = new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true).start();
    String printed = Tools.read(child.getInputStream());

    assertTrue(child.waitFor(10, TimeUnit.MINUTES));
    assertEquals(0, child.exitValue(), printed);
    return JsonFiles.readLayers(out).getFirst();
  }
}
