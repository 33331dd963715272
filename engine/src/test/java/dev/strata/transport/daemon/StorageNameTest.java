package dev.strata.transport.daemon;

import static dev.strata.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class StorageNameTest {
  @Test
  void findsTheStorageAndTheImage() {
    assertEquals(
        new StorageName("", "localhost/app:1", List.of()), StorageName.parse("localhost/app:1"));
    StorageName other = StorageName.parse("[vfs@/graph+/run:a=b,c=d]app");
    assertEquals("[vfs@/graph+/run:a=b,c=d]", other.store());
    assertEquals("app", other.image());
    assertEquals(
        List.of(
            "--storage-driver",
            "vfs",
            "--root",
            "/graph",
            "--runroot",
            "/run",
            "--storage-opt",
            "a=b",
            "--storage-opt",
            "c=d"),
        other.podmanOptions());
  }

  @Test
  void refusesAnImageThatPodmanWouldTakeForAnOption() {
    assertFails(() -> StorageName.parse("--log-level=debug"), "containers-storage:name:tag");
    assertFails(() -> StorageName.parse("[/x]"), "containers-storage:name:tag");
  }
}
