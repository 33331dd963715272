package dev.strata.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.image.JsonFiles;
import dev.strata.layering.LayerPath;
import dev.strata.testing.FileModes;
import dev.strata.testing.Streams;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SourceStampsTest {
  @TempDir private Path temporary;
  private Path folder;
  private Path file;

  @BeforeEach
  void makeFiles() throws IOException {
    folder = Files.createDirectory(temporary.toRealPath().resolve("folder"));
    file = Files.writeString(folder.resolve("file"), "a");
    Files.createSymbolicLink(folder.resolve("link"), Path.of("file"));
  }

  private Layer stamped() {
    SourceStamps stamps = SourceStamps.take(List.of(folder.toString()));
    Layer layer = Streams.layer(new LayerPath(folder.toString(), null));
    return stamps.addTo(List.of(layer)).getFirst();
  }

  @Test
  void filesThatNobodyTouchesAreUnchanged() {
    Layer layer = stamped();

    assertNotNull(layer.stamps().getFirst().digest());
    assertTrue(SourceChanges.of(layer).isEmpty());
  }

  @Test
  void aChangeRightAfterAnotherOneIsNoticed() throws IOException {
    for (int i = 0; i < 20; i++) {
      Files.writeString(file, "a");
      Layer layer = stamped();
      Files.writeString(file, "b");

      assertFalse(SourceChanges.of(layer).isEmpty());
    }
  }

  @Test
  void aFileCreatedAndRemovedAgainIsNoChange() throws IOException {
    Layer layer = stamped();
    Files.delete(Files.writeString(folder.resolve("swap"), ""));

    assertTrue(SourceChanges.of(layer).isEmpty());
  }

  @Test
  void aPathThatCannotBeReadHasNoState() {
    SourceStamps stamps = SourceStamps.take(List.of(temporary.resolve("nowhere").toString()));
    Layer layer = Streams.layer(new LayerPath(folder.toString(), null));

    assertEquals(List.of(layer), stamps.addTo(List.of(layer)));
  }

  @Test
  void theStateIsTheSameByEitherWayOfReadingFiles() {
    String path = folder.toString();
    SourceScan nio = FileModes.with("nio", () -> SourceScan.of(path, 0));

    for (String way : FileModes.all()) {
      SourceScan scan = FileModes.with(way, () -> SourceScan.of(path, 0));
      assertEquals(nio.newest(), scan.newest());
      assertEquals(nio.changed(), scan.changed());
      assertEquals(SourceScan.of(path, 0).digest(), scan.digest());
    }
  }

  @Test
  void jsonKeepsTheState() {
    List<Layer> layers =
        List.of(
            stamped(),
            stamped().toBuilder().stamps(List.of(new SourceStamp("/a", null, 5))).build());

    byte[] json = JsonFiles.toJson(layers).getBytes(StandardCharsets.UTF_8);

    assertEquals(layers, JsonFiles.parseLayers("layers", json));
  }
}
