package dev.strata.transport.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.io.InvalidInputException;
import dev.strata.io.UnreachableException;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class UnfinishedUploadsTest {
  private static final int PART = 100_000;
  private static final int LAYER = 10 * PART + 1;

  private final FakeRegistry registry = new FakeRegistry();
  private final Samples.Counted layer = Samples.layer(1, LAYER);

  @TempDir private Path folder = Path.of("");
  private Path file = Path.of("");

  @BeforeEach
  void name() {
    file = folder.resolve("uploads.json");
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private void push() {
    RegistryDestination.of(
            Samples.reference(registry.host()),
            Samples.options()
                .withRetries(0)
                .withChunkSize(PART)
                .withUnfinishedUploads(UnfinishedUploads.in(file)))
        .write(Samples.image(layer), Transfer.quiet(1));
  }

  /** Pushes until the sixth part fails. */
  private void pushInterrupted() {
    AtomicInteger parts = new AtomicInteger();
    FakeRegistry.Hook hook =
        x -> {
          if (x.getRequestMethod().equals("PATCH") && parts.incrementAndGet() == 6) {
            x.getRequestBody().readAllBytes();
            x.sendResponseHeaders(503, -1);
            return true;
          }
          return false;
        };
    registry.hooks.add(hook);
    assertThrows(UnreachableException.class, this::push);
    registry.hooks.remove(hook);
    registry.seen.clear();
  }

  private void assertArrived() {
    String blob = "team/app/" + layer.descriptor().digest();
    assertArrayEquals(Samples.bytes(1, LAYER), registry.blobs.get(blob));
    assertFalse(Files.exists(file));
    assertEquals(0, registry.openUploads());
  }

  @Test
  void continuesWhereAnEarlierCopyEnded() throws IOException {
    pushInterrupted();
    assertEquals(1, registry.openUploads());
    assertTrue(Files.readString(file).contains("\"offset\": " + 5 * PART), Files.readString(file));
    push();
    assertEquals(6, registry.count("PATCH"));
    // That of the configuration.
    assertEquals(1, registry.count("POST"));
    assertArrived();
  }

  @Test
  void startsAnewIfTheRegistryHasForgottenTheUpload() {
    pushInterrupted();
    registry.forgetUploads();
    push();
    assertEquals(11, registry.count("PATCH"));
    assertArrived();
  }

  @Test
  void sendsNothingElsewhereThatTheFileNames() throws IOException {
    pushInterrupted();
    Files.writeString(
        file, Files.readString(file).replace(registry.host() + "/v2", "169.254.169.254/v2"));
    push();
    assertEquals(11, registry.count("PATCH"));
    assertFalse(Files.exists(file));
  }

  @Test
  void startsAnewIfTheBytesAtTheRegistryAreOthers() {
    pushInterrupted();
    registry.forgetUploads();
    // The upload of another program, under the same address.
    registry.hooks.add(x -> {
      if (x.getRequestMethod().equals("GET") && registry.openUploads() == 0) {
        x.getResponseHeaders().set("Range", "0-" + (5 * PART - 1));
        x.sendResponseHeaders(204, -1);
        return true;
      }
      return false;
    });
    assertThrows(UnreachableException.class, this::push);
    push();
    assertTrue(registry.blobs.containsKey("team/app/" + layer.descriptor().digest()));
  }

  @Test
  void refusesAFileWithSomethingElse() throws IOException {
    for (String other : new String[] {"{}", "[]", "hello", "null"}) {
      Files.writeString(file, other);
      assertThrows(InvalidInputException.class, this::push, other);
      assertEquals(other, Files.readString(file));
    }
  }
}
