package dev.strata.transport.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.image.Artifact;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.io.PlainText;
import dev.strata.oci.Referrer;
import dev.strata.testing.Failures;
import dev.strata.transport.ReferrerCopy;
import dev.strata.transport.Referrers;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Referrers in registries with the referrers API and without it. */
@Timeout(60)
final class RegistryReferrersTest {
  private static final String SBOM = "application/spdx+json";
  private static final Transfer QUIET = Transfer.quiet(2);

  private final FakeRegistry registry = new FakeRegistry();
  private Descriptor image = new Descriptor("", Digest.of(new byte[0]), 0);

  @BeforeEach
  void pushImage() {
    image = push(Samples.image(Samples.layer(1, 100)));
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private Descriptor push(ImageBlobs blobs) {
    return RegistryDestination.of(Samples.reference(registry.host()), Samples.options())
        .write(blobs, QUIET);
  }

  private Referrers referrers() {
    return RegistryReferrers.writable(
        Samples.reference(registry.host()), Samples.options(), QUIET.listener());
  }

  private static CopySource artifact(String content, Descriptor subject) {
    return new CopySource.Single(
        Artifact.of(new BytesBlob(SBOM, content.getBytes(UTF_8)), content + ".json")
            .withAnnotations(Map.of("name", content))
            .referringTo(subject));
  }

  private static List<String> names(List<Referrer> referrers) {
    return referrers.stream().map(r -> r.annotations().get("name")).sorted().toList();
  }

  private int attach(String content) {
    try (Referrers referrers = referrers()) {
      return referrers.add(image.digest(), List.of(artifact(content, image)), QUIET);
    }
  }

  private List<Referrer> listed() {
    try (Referrers referrers = referrers()) {
      return referrers.list(image.digest());
    }
  }

  private String tag() {
    return "team/app/" + Referrer.tag(image.digest());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100})
  void listsWhatWasAdded(int page) {
    registry.referrersPage = page;
    assertEquals(List.of(), listed());
    for (String name : List.of("a", "b", "c")) {
      assertEquals(1, attach(name));
    }
    List<Referrer> found = listed();
    assertEquals(List.of("a", "b", "c"), names(found));
    assertEquals(SBOM, found.getFirst().artifactType());
    assertEquals(page == 0, registry.manifests.containsKey(tag()));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 100})
  void addsTheSameArtifactOnce(int page) {
    registry.referrersPage = page;
    attach("a");
    long before = registry.count("PUT") + registry.count("POST");
    assertEquals(0, attach("a"));
    assertEquals(before, registry.count("PUT") + registry.count("POST"));
    assertEquals(List.of("a"), names(listed()));
  }

  @Test
  void keepsTheOtherEntriesOfTheIndexUnderTheTag() throws IOException {
    String other =
        "{\"mediaType\":\""
            + MediaTypes.MANIFEST
            + "\",\"digest\":\""
            + image.digest()
            + "\",\"size\":"
            + image.size()
            + ",\"x-other\":[1.50,\"\\u00e4\"]}";
    registry.manifests.put(
        tag(), ("{\"schemaVersion\":2,\"manifests\":[" + other + "],\"y\":1}").getBytes(UTF_8));
    registry.manifestTypes.put(tag(), MediaTypes.INDEX);
    attach("a");
    String after = new String(registry.manifests.get(tag()), UTF_8);
    assertTrue(after.contains("\"x-other\":[1.50,"), after);
    assertTrue(after.contains("\"y\":1"), after);
    assertEquals(2, listed().size());
  }

  /** Some registries have the API, but do not say so in the answer to the manifest. */
  @Test
  void leavesTheTagAloneIfTheApiListsTheReferrer() {
    registry.referrersPage = 100;
    registry.announcesSubjects = false;
    assertEquals(1, attach("a"));
    assertFalse(registry.manifests.containsKey(tag()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void keepsBothReferrersThatTwoClientsAddAtOnce(boolean etags) throws Exception {
    registry.etags = etags;
    attach("first");
    CyclicBarrier bothHaveRead = new CyclicBarrier(2);
    AtomicInteger writes = new AtomicInteger();
    registry.hooks.add(x -> {
      boolean write =
          x.getRequestMethod().equals("PUT") && x.getRequestURI().getPath().contains("/sha256-");
      if (write && writes.incrementAndGet() <= 2) {
        try {
          bothHaveRead.await();
        } catch (Exception e) {
          throw new IOException(e);
        }
      }
      return false;
    });
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      List<Future<Integer>> added = new ArrayList<>();
      added.add(threads.submit(() -> attach("a")));
      added.add(threads.submit(() -> attach("b")));
      for (Future<Integer> each : added) {
        assertEquals(1, each.get());
      }
    }
    assertEquals(List.of("a", "b", "first"), names(listed()));
    assertTrue(writes.get() > 2, "writes: " + writes);
  }

  /** As docker-registry answers while another client uploads the same empty configuration. */
  @Test
  void pushesAgainIfABlobIsMissingForAMoment() {
    AtomicInteger refused = new AtomicInteger();
    registry.hooks.add(x -> {
      boolean push =
          x.getRequestMethod().equals("PUT")
              && x.getRequestURI().getPath().contains("/manifests/sha256:");
      if (!push || refused.getAndIncrement() > 0) {
        return false;
      }
      FakeRegistry.reply(x, 400, FakeRegistry.error("MANIFEST_BLOB_UNKNOWN"));
      return true;
    });
    assertEquals(1, attach("a"));
    assertEquals(2, refused.get());
    registry.hooks.add(
        0,
        x -> {
          if (x.getRequestURI().getPath().contains("/manifests/sha256:")
              && x.getRequestMethod().equals("PUT")) {
            FakeRegistry.reply(x, 400, FakeRegistry.error("MANIFEST_INVALID"));
            return true;
          }
          return false;
        });
    String message = Failures.messageOf(() -> attach("b"));
    assertTrue(message.contains("MANIFEST_INVALID"), message);
  }

  @Test
  void givesUpWhenTheIndexIsReplacedForEver() {
    registry.etags = true;
    attach("a");
    byte[] old = registry.manifests.get(tag());
    registry.hooks.add(x -> {
      if (!x.getRequestMethod().equals("PUT")
          || !x.getRequestURI().getPath().contains("/sha256-")) {
        return false;
      }
      registry.serve(x);
      registry.manifests.put(tag(), old);
      return true;
    });
    String message = Failures.messageOf(() -> attach("b"));
    assertTrue(message.contains("other clients replace their index all the time"), message);
  }

  private void answerTo(String part, String type, byte[] body) {
    registry.hooks.add(x -> {
      if (!x.getRequestURI().getPath().contains(part) || !x.getRequestMethod().equals("GET")) {
        return false;
      }
      answer(x, type, body);
      return true;
    });
  }

  private static void answer(HttpExchange x, String type, byte[] body) throws IOException {
    x.getResponseHeaders().set("Content-Type", type);
    x.sendResponseHeaders(200, body.length);
    x.getResponseBody().write(body);
  }

  private String refused() {
    String message = Failures.messageOf(this::listed);
    assertFalse(message.codePoints().anyMatch(PlainText::isHidden), message);
    assertTrue(message.length() < 1000, message);
    return message;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|is not an index",
        "[]|an index",
        "{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"manifests\":[]}|is not an"
            + " index, but",
        "{\"manifests\":[{\"digest\":\"sha256:12\",\"size\":1}]}|bad descriptor",
        "{\"manifests\":[{\"size\":-1}]}|bad descriptor",
        "{\"manifests\":|not valid JSON",
      })
  void refusesMalformedLists(String body, String problem) {
    answerTo("/referrers/", MediaTypes.INDEX, body.getBytes(UTF_8));
    assertTrue(refused().contains(problem), refused());
    registry.hooks.clear();
    answerTo("/manifests/sha256-", MediaTypes.INDEX, body.getBytes(UTF_8));
    assertTrue(refused().contains(problem), refused());
  }

  @Test
  void refusesListsThatAreTooLarge() {
    answerTo("/referrers/", MediaTypes.INDEX, new byte[9 << 20]);
    assertTrue(refused().contains("larger than 8 MiB"), refused());
  }

  @Test
  void refusesListsWithoutEnd() {
    AtomicInteger pages = new AtomicInteger();
    registry.hooks.add(x -> {
      if (!x.getRequestURI().getPath().contains("/referrers/")) {
        return false;
      }
      x.getResponseHeaders().set("Link", "<?page=" + pages.incrementAndGet() + ">; rel=next");
      answer(x, MediaTypes.INDEX, "{\"manifests\":[]}".getBytes(UTF_8));
      return true;
    });
    assertTrue(refused().contains("there are more than"), refused());
  }

  /** A page for people, for every path that the server does not know. */
  @Test
  void readsTheTagIfTheApiAnswersWithAPage() {
    attach("a");
    answerTo("/referrers/", "text/html", "<html>".getBytes(UTF_8));
    assertEquals(List.of("a"), names(listed()));
  }

  @Test
  void refusesAManifestWithAnotherDigest() {
    attach("a");
    Referrer a = listed().getFirst();
    answerTo("/manifests/" + a.descriptor().digest(), MediaTypes.MANIFEST, "{}".getBytes(UTF_8));
    try (Referrers referrers = referrers()) {
      String message = Failures.messageOf(() -> referrers.open(a));
      assertTrue(message.contains("instead of " + a.descriptor().digest()), message);
    }
  }

  @Test
  void copiesReferrersAndTheirReferrersBetweenBothKindsOfRegistries() {
    attach("a");
    Descriptor a = listed().getFirst().descriptor();
    try (Referrers referrers = referrers()) {
      referrers.add(a.digest(), List.of(artifact("signature of a", a)), QUIET);
    }
    try (FakeRegistry other = new FakeRegistry();
        Referrers from = referrers();
        Referrers to =
            RegistryReferrers.writable(
                Samples.reference(other.host()), Samples.options(), QUIET.listener())) {
      other.referrersPage = 100;
      List<Digest> subjects = List.of(image.digest());
      ReferrerCopy.Copied copied = ReferrerCopy.copy(from, to, subjects, QUIET);
      assertEquals(new ReferrerCopy.Copied(2, 0), copied);
      assertEquals(List.of("a"), names(to.list(image.digest())));
      assertEquals(List.of("signature of a"), names(to.list(a.digest())));
      assertEquals(new ReferrerCopy.Copied(0, 2), ReferrerCopy.copy(from, to, subjects, QUIET));
    }
  }

  @Test
  void copiesTheOthersIfAListedReferrerDoesNotExist() {
    attach("a");
    attach("b");
    Referrer a = listed().getFirst();
    registry.manifests.remove("team/app/" + a.descriptor().digest());
    List<String> warnings = new ArrayList<>();
    Transfer.Listener listener =
        new Transfer.Listener() {
          @Override
          public void warning(String text) {
            warnings.add(text);
          }
        };
    try (FakeRegistry other = new FakeRegistry();
        Referrers from = referrers();
        Referrers to =
            RegistryReferrers.writable(
                Samples.reference(other.host()), Samples.options(), listener)) {
      ReferrerCopy.Copied copied =
          ReferrerCopy.copy(from, to, List.of(image.digest()), new Transfer(1, listener));
      assertEquals(new ReferrerCopy.Copied(1, 0), copied);
      assertEquals(List.of("b"), names(to.list(image.digest())));
    }
    assertEquals(1, warnings.size());
    assertTrue(warnings.getFirst().contains(a.descriptor().digest() + ", which does not exist"));
  }

  /** A proxy that compresses answers weakens the ETag of the registry. */
  @Test
  void sendsNoConditionForAWeakETag() {
    registry.etags = true;
    attach("a");
    registry.hooks.add(x -> {
      if (x.getRequestHeaders().getFirst("If-Match") != null) {
        FakeRegistry.reply(x, 412, FakeRegistry.error("CONFLICT"));
        return true;
      }
      if (x.getRequestURI().getPath().contains("/manifests/sha256-")
          && x.getRequestMethod().equals("GET")) {
        x.getResponseHeaders().set("ETag", "W/\"1\"");
        answer(x, MediaTypes.INDEX, registry.manifests.get(tag()));
        return true;
      }
      return false;
    });
    assertEquals(1, attach("b"));
  }

  @Test
  void refusesToCopyWhatRefersToAnotherImage() {
    attach("a");
    Descriptor another = push(Samples.image(Samples.layer(2, 100)));
    String entry = listed().getFirst().json();
    String key = "team/app/" + Referrer.tag(another.digest());
    registry.manifests.put(key, ("{\"manifests\":[" + entry + "]}").getBytes(UTF_8));
    registry.manifestTypes.put(key, MediaTypes.INDEX);
    try (Referrers from = referrers();
        Referrers to = referrers()) {
      String message =
          Failures.messageOf(() -> ReferrerCopy.copy(from, to, List.of(another.digest()), QUIET));
      assertTrue(message.contains("which does not refer to it"), message);
    }
  }
}
