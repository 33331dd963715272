package dev.strata.transport.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blob;
import dev.strata.blob.Digest;
import dev.strata.oci.Reference;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class BlobLocationsTest {
  private static final Digest BLOB = Digest.of(new byte[] {1});

  @TempDir private Path folder;
  private final FakeRegistry registry = new FakeRegistry();

  @AfterEach
  void stop() {
    registry.close();
  }

  private Path file() {
    return folder.resolve("cache/registry-blobs");
  }

  /** Copies as a process of its own does, which reads the file again. */
  private void push(String name, Blob... layers) {
    push(Samples.options().withBlobLocations(BlobLocations.of(file())), name, layers);
  }

  private void push(RegistryOptions options, String name, Blob... layers) {
    RegistryDestination.of(Reference.parse(registry.host() + "/" + name), options)
        .write(Samples.image(layers), Transfer.quiet(3));
  }

  private static String mount(String to, Blob layer, String from) {
    return "POST /v2/"
        + to
        + "/blobs/uploads/?mount="
        + layer.descriptor().digest()
        + "&from="
        + from;
  }

  @Test
  void mountsABlobThatAnEarlierCopySentToAnotherRepository() {
    Samples.Counted layer = Samples.layer(1, 5000);
    push("a:1", layer);
    push("b:1", layer);
    assertEquals(1, layer.reads.get());
    assertEquals(1, registry.count(mount("b", layer, "a")));
    assertEquals(0, registry.count("HEAD /v2/b/blobs/" + layer.descriptor().digest()));
    assertTrue(registry.manifests.containsKey("b/1"));
  }

  @Test
  void asksForAConfigurationThatAnEarlierCopySentToTheRepository() {
    Samples.Counted layer = Samples.layer(1, 5000);
    push("a:1", layer);
    registry.seen.clear();
    push("a:2", layer);
    Digest config = Samples.image(layer).config().descriptor().digest();
    assertEquals(1, registry.count("HEAD /v2/a/blobs/" + config));
    assertEquals(0, registry.count("POST"));
  }

  @Test
  void asksARepositoryThatMayHaveTheBlobsBeforeItMountsOne() {
    Samples.Counted shared = Samples.layer(1, 5000);
    push("b:1", Samples.layer(2, 100));
    push("a:1", shared);
    push("b:2", Samples.layer(2, 100), shared);
    assertEquals(1, registry.count("HEAD /v2/b/blobs/" + shared.descriptor().digest()));
    assertEquals(1, registry.count(mount("b", shared, "a")));
    assertEquals(1, shared.reads.get());
    registry.seen.clear();
    push("b:3", Samples.layer(2, 100), shared, Samples.layer(3, 10));
    assertEquals(0, registry.count("POST /v2/b/blobs/uploads/?mount"));
  }

  @Test
  void sendsABlobThatIsNoLongerThere() {
    Samples.Counted layer = Samples.layer(1, 5000);
    push("a:1", layer);
    registry.blobs.remove("a/" + layer.descriptor().digest());
    push("b:1", layer);
    assertEquals(2, layer.reads.get());
    assertEquals(
        List.of("b"), BlobLocations.of(file()).find(registry.host(), layer.descriptor().digest()));
    assertEquals(0, registry.openUploads());
  }

  @Test
  void sendsABlobOfARepositoryThatTheAccountMayNotRead() {
    registry.hooks.add(x -> {
      if (String.valueOf(x.getRequestURI().getQuery()).contains("from=a")) {
        x.sendResponseHeaders(403, -1);
        return true;
      }
      return false;
    });
    Samples.Counted layer = Samples.layer(1, 5000);
    push("a:1", layer, Samples.layer(2, 100));
    push("b:1", layer, Samples.layer(2, 100));
    assertEquals(2, layer.reads.get());
    assertTrue(registry.manifests.containsKey("b/1"));
  }

  @Test
  void neverMountsFromARepositoryOfAnotherRegistry() {
    Samples.Counted layer = Samples.layer(1, 5000);
    push("a:1", layer);
    try (FakeRegistry other = new FakeRegistry()) {
      RegistryDestination.of(
              Reference.parse(other.host() + "/b:1"),
              Samples.options().withBlobLocations(BlobLocations.of(file())))
          .write(Samples.image(layer), Transfer.quiet(3));
      assertEquals(0, other.count("POST /v2/b/blobs/uploads/?mount"));
    }
    assertEquals(2, layer.reads.get());
  }

  @Test
  void mountsFromAsFewRepositoriesAsPossible() {
    Samples.Counted one = Samples.layer(1, 50);
    Samples.Counted two = Samples.layer(2, 50);
    BlobLocations noted = BlobLocations.of(file());
    noted.add(registry.host(), one.descriptor().digest(), "all");
    noted.add(registry.host(), two.descriptor().digest(), "all");
    noted.add(registry.host(), two.descriptor().digest(), "later");
    noted.flush();
    registry.blobs.put("all/" + one.descriptor().digest(), Samples.bytes(1, 50));
    registry.blobs.put("all/" + two.descriptor().digest(), Samples.bytes(2, 50));
    push("b:1", one, two);
    assertEquals(0, one.reads.get() + two.reads.get());
    assertEquals(1, registry.count(mount("b", one, "all")));
    assertEquals(1, registry.count(mount("b", two, "all")));
  }

  @Test
  void anUnchangedImageNeedsNoFile() throws IOException {
    push("a:1", Samples.layer(1, 5000));
    Files.delete(file());
    push("a:1", Samples.layer(1, 5000));
    assertFalse(Files.exists(file()));
  }

  @Test
  void aDamagedLineCountsAsMissing() throws IOException {
    Samples.Counted layer = Samples.layer(1, 5000);
    push("a:1", layer);
    Files.writeString(file(), Files.readString(file()).replace(" a ", " x "));
    assertEquals(
        List.of(), BlobLocations.of(file()).find(registry.host(), layer.descriptor().digest()));
    push("b:1", layer);
    assertEquals(0, registry.count(mount("b", layer, "x")));
    assertEquals(2, layer.reads.get());
  }

  @Test
  void keepsTheLastThreeRepositoriesOfABlob() {
    BlobLocations noted = BlobLocations.of(file());
    for (String repository : List.of("a", "b", "c", "d", "c")) {
      noted.add("r:1", BLOB, repository);
    }
    noted.flush();
    assertEquals(List.of("d", "c", "b"), BlobLocations.of(file()).find("r:1", BLOB));
    BlobLocations later = BlobLocations.of(file());
    later.remove("r:1", BLOB, "d");
    later.flush();
    assertEquals(List.of("c", "b"), BlobLocations.of(file()).find("r:1", BLOB));
  }

  @Test
  void theLastRepositoryCanBeRemoved() {
    BlobLocations noted = BlobLocations.of(file());
    noted.add("r:1", BLOB, "a");
    noted.remove("r:1", BLOB, "a");
    noted.flush();
    assertEquals(List.of(), BlobLocations.of(file()).find("r:1", BLOB));
  }

  @Test
  void withoutAHomeNothingIsNoted() {
    assertSame(BlobLocations.NONE, BlobLocations.ofUser(Map.of("HOME", "/homeless-shelter")));
    BlobLocations.NONE.add("r:1", BLOB, "a");
    assertEquals(List.of(), BlobLocations.NONE.find("r:1", BLOB));
  }

  @Test
  void containsNoCredentials() throws IOException {
    push(
        Samples.options()
            .withCredentials("me:secret-word")
            .withBlobLocations(BlobLocations.of(file())),
        "a:1",
        Samples.layer(1, 5000));
    String text = Files.readString(file());
    assertFalse(text.contains("secret-word") || text.contains("me:"), text);
    assertEquals(2, text.lines().count());
  }
}
