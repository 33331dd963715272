package dev.strata.transport.folder;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.image.Artifact;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.image.IndexBlobs;
import dev.strata.oci.Manifest;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Referrer;
import dev.strata.testing.Failures;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Referrers in an OCI layout. */
final class LayoutReferrersTest {
  private static final Transfer QUIET = Transfer.quiet(1);

  @TempDir private Path directory;
  private Descriptor image = new Descriptor("", Digest.of(new byte[0]), 0);

  @BeforeEach
  void writeImage() {
    Blob layer = new BytesBlob(MediaTypes.LAYER, "layer".getBytes(UTF_8));
    Blob config = new BytesBlob(MediaTypes.CONFIG, "{\"os\":\"linux\"}".getBytes(UTF_8));
    Blob manifest =
        new Manifest(
                MediaTypes.MANIFEST,
                config.descriptor(),
                List.of(layer.descriptor()),
                List.of(),
                Map.of())
            .toBlob();
    image =
        OciLayout.at(directory)
            .withTags(List.of("a"))
            .write(ImageBlobs.of(List.of(layer), config, manifest), QUIET);
  }

  private LayoutReferrers referrers() {
    return LayoutReferrers.at(directory);
  }

  private static ImageBlobs artifact(String content, Descriptor subject) {
    Blob file = new BytesBlob("text/plain", content.getBytes(UTF_8));
    // The name of an image in an annotation of an artifact must not become one in the layout.
    return Artifact.of(file, content)
        .withAnnotations(Map.of("org.opencontainers.image.ref.name", "a"))
        .referringTo(subject);
  }

  private int add(String content) {
    return referrers()
        .add(image.digest(), List.of(new CopySource.Single(artifact(content, image))), QUIET);
  }

  @Test
  void listsWhatWasAdded() throws IOException {
    assertEquals(List.of(), referrers().list(image.digest()));
    assertEquals(1, add("one"));
    assertEquals(1, add("two"));
    Path index = directory.resolve("index.json");
    byte[] before = Files.readAllBytes(index);
    assertEquals(0, add("one"));
    assertArrayEquals(before, Files.readAllBytes(index));
    List<Referrer> found = referrers().list(image.digest());
    assertEquals(
        List.of(
            Referrer.of(artifact("one", image).manifest()),
            Referrer.of(artifact("two", image).manifest())),
        found);
    assertEquals(
        artifact("two", image).manifest().descriptor(),
        referrers().open(found.getLast()).root().descriptor());
    assertTrue(new String(before, UTF_8).contains("\"artifactType\":\"text/plain\""));
  }

  @Test
  void referrersAreNotTheImagesOfTheLayout() {
    add("one");
    add("two");
    for (String tag : new String[] {"a", null}) {
      CopySource opened = OciLayoutSource.at(directory).withTag(tag).open(PlatformChoice.all());
      assertEquals(image.digest(), opened.root().descriptor().digest());
    }
  }

  /** As programs keep them that treat a layout as a registry without the referrers API. */
  @Test
  void listsTheIndexUnderTheTagOfTheSubject() {
    ImageBlobs one = artifact("one", image);
    IndexBlobs list =
        IndexBlobs.of(
            List.of(
                new IndexBlobs.Member(
                    one.manifest().descriptor(), new CopySource.Single(one), null, Map.of())));
    OciLayout.at(directory).withTags(List.of(Referrer.tag(image.digest()))).writeIndex(list, QUIET);
    List<Referrer> found = referrers().list(image.digest());
    assertEquals(1, found.size());
    assertEquals(one.manifest().descriptor(), found.getFirst().descriptor());
    assertEquals(0, add("one"));
    CopySource opened = OciLayoutSource.at(directory).open(PlatformChoice.all());
    assertEquals(image.digest(), opened.root().descriptor().digest());
  }

  @Test
  void anArtifactMayBeAnIndex() {
    ImageBlobs part = artifact("part", image);
    String json =
        "{\"schemaVersion\":2,\"mediaType\":\""
            + MediaTypes.INDEX
            + "\",\"artifactType\":\"text/list\",\"manifests\":["
            + Manifest.json(new Manifest.Member(part.manifest().descriptor(), null, Map.of()))
            + "],\"subject\":{\"mediaType\":\""
            + MediaTypes.MANIFEST
            + "\",\"digest\":\""
            + image.digest()
            + "\",\"size\":"
            + image.size()
            + "}}";
    IndexBlobs index =
        IndexBlobs.of(
            List.of(
                new IndexBlobs.Member(
                    part.manifest().descriptor(), new CopySource.Single(part), null, Map.of())),
            new BytesBlob(MediaTypes.INDEX, json.getBytes(UTF_8)));
    referrers().add(image.digest(), List.of(new CopySource.Several(index)), QUIET);
    Referrer found = referrers().list(image.digest()).getFirst();
    assertEquals("text/list", found.artifactType());
    assertTrue(referrers().open(found) instanceof CopySource.Several);
  }

  @Test
  void refusesASubjectThatIsNotThere() {
    Descriptor other = new Descriptor(MediaTypes.MANIFEST, Digest.of("x".getBytes(UTF_8)), 1);
    List<CopySource> artifacts = List.of(new CopySource.Single(artifact("one", other)));
    String message = Failures.messageOf(() -> referrers().add(other.digest(), artifacts, QUIET));
    assertTrue(message.contains("which does not have that manifest"), message);
    assertFalse(message.contains("\n"), message);
  }
}
