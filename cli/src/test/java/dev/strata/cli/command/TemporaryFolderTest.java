package dev.strata.cli.command;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TemporaryFolderTest {
  @TempDir private Path directory = Path.of("");

  private TemporaryFolder folder(boolean kept) {
    return TemporaryFolder.create(Map.of("TMPDIR", directory.toString()), kept);
  }

  @Test
  void isRemovedWithReadOnlyContents() throws IOException {
    Path path;
    try (TemporaryFolder folder = folder(false)) {
      path = folder.path();
      assertTrue(path.startsWith(directory));
      Path inner = Files.createDirectory(path.resolve("store"));
      Files.writeString(inner.resolve("file"), "x");
      assertTrue(inner.toFile().setWritable(false));
    }
    assertFalse(Files.exists(path));
  }

  @Test
  void canBeKept() {
    Path path;
    try (TemporaryFolder folder = folder(true)) {
      path = folder.path();
    }
    assertTrue(Files.exists(path));
  }

  @Test
  void needsAFolderForTemporaryFiles() {
    Map<String, String> environment = Map.of("TMPDIR", directory.resolve("nope").toString());
    StrataException e =
        assertThrows(StrataException.class, () -> TemporaryFolder.create(environment, false));
    assertTrue(String.valueOf(e.getMessage()).contains("TMPDIR"), e.getMessage());
  }
}
