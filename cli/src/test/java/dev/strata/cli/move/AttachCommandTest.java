package dev.strata.cli.move;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.SampleFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files attached to images in OCI layouts, and how they are listed and copied. */
final class AttachCommandTest {
  private static final String SPDX = "{\"spdxVersion\":\"SPDX-2.3\"}";

  @TempDir private Path temporary;
  private SampleFolders samples;
  private String json = "";
  private String image = "";
  private String sbom = "";

  @BeforeEach
  void makeImage() throws IOException {
    samples = new SampleFolders(temporary);
    json = build("amd64");
    image = "oci:" + samples.path("layout") + ":1";
    strata("copy", "-q", json, image).succeeds();
    sbom = samples.file("sbom.spdx.json", SPDX);
  }

  private String build(String arch) throws IOException {
    samples.file(arch + "/file", arch);
    String file = samples.path(arch + ".json");
    strata("build", "-q", "--arch", arch, "--copy-to-root", samples.path(arch), "-o", file)
        .succeeds();
    return file;
  }

  private static String referrers(String place) {
    return strata("inspect", "--referrers", place).succeeds().out();
  }

  private static String digest(String... words) {
    String[] all = new String[words.length + 2];
    all[0] = "manifest";
    all[1] = "--digest";
    System.arraycopy(words, 0, all, 2, words.length);
    return strata(all).succeeds().out().strip();
  }

  @Test
  void attachesABillOfMaterialsOnce() throws IOException {
    String subject = digest(image);
    assertEquals("Nothing refers to " + subject + ".\n", referrers(image));
    String first = strata("attach", sbom, image).succeeds().out();
    String artifact = first.substring(0, first.indexOf(' '));
    assertEquals(artifact + " attached to " + subject + "\n", first);
    byte[] index = Files.readAllBytes(temporary.resolve("layout/index.json"));
    assertEquals(
        artifact + " is already attached to " + subject + "\n",
        strata("attach", sbom, image).succeeds().out());
    assertArrayEquals(index, Files.readAllBytes(temporary.resolve("layout/index.json")));
    assertEquals(
        """
        %s
          %s  application/spdx+json
            sbom.spdx.json  26 B
        """
            .formatted(subject, artifact),
        referrers(image));
  }

  @Test
  void takesTypesAndAnnotations() throws IOException {
    String notes = samples.file("notes.md", "# Notes\n");
    strata(
            "attach",
            "--type",
            "text/markdown",
            "--artifact-type",
            "application/vnd.example",
            "--annotation",
            "a=b=c",
            "--annotation",
            "org.example=\u001b[31mred",
            notes,
            image)
        .succeeds();
    String listed = referrers(image);
    assertTrue(
        listed.contains("  application/vnd.example\n    notes.md  8 B\n    a=b=c\n"), listed);
    assertTrue(listed.contains("org.example=\\u001b[31mred"), listed);
    String found = strata("inspect", "--referrers", "--json", image).succeeds().out();
    assertTrue(found.contains("\"artifactType\": \"application/vnd.example\""), found);
    assertTrue(found.contains("\"a\": \"b=c\""), found);
    assertTrue(found.contains("\"title\": \"notes.md\""), found);
  }

  @Test
  void asksForATypeThatItCannotTell() throws IOException {
    String notes = samples.file("notes.md", "# Notes\n");
    strata("attach", notes, image).fails("cannot tell the media type of", "specify it with --type");
    strata("attach", "--type", "markdown", notes, image).fails("invalid media type 'markdown'");
    strata("attach", "--annotation", "a", sbom, image).isBadUsage(2, "must be KEY=VALUE");
    strata("attach", samples.path("none"), image).fails("no such file; check the path");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dir:%s", "docker-archive:%s", "docker-daemon:app:1", "%s"})
  void refusesPlacesThatKeepNoReferrers(String place) {
    strata("attach", sbom, place.formatted(samples.path("amd64.json")))
        .isBadUsage(
            2, "cannot attach a file to", "only registries (docker://) and OCI layouts (oci:)");
    if (place.startsWith("docker-archive")) {
      String archive = place.formatted(samples.path("x.tar"));
      strata("copy", "--referrers", image, archive).isBadUsage(2, "cannot keep referrers");
      strata("copy", "--attach-sbom-file", sbom, image, archive)
          .isBadUsage(2, "cannot attach a file");
      assertFalse(Files.exists(temporary.resolve("x.tar")));
    }
  }

  @Test
  void attachesToTheIndexOrToOneOfItsImages() throws IOException {
    String both = samples.path("both.json");
    strata("index", both, json, build("s390x")).succeeds();
    String place = "oci:" + samples.path("multi") + ":1";
    strata("copy", "-q", both, place).succeeds();
    strata("attach", sbom, place).succeeds();
    strata("attach", "--arch", "s390x", sbom, place).succeeds();
    String listed = referrers(place);
    String index = digest("--all", place);
    String s390x = digest("--arch", "s390x", place);
    assertTrue(listed.startsWith(index + "\n  sha256:"), listed);
    assertTrue(listed.contains("\n" + s390x + "  linux/s390x\n  sha256:"), listed);
    assertFalse(listed.contains(digest("--arch", "amd64", place)), listed);
    String copy = "oci:" + samples.path("copy") + ":1";
    strata("copy", "--all", "--referrers", place, copy).succeeds();
    assertEquals(listed, referrers(copy));
    String one = "oci:" + samples.path("one") + ":1";
    strata("copy", "--arch", "s390x", "--referrers", place, one).succeeds();
    assertTrue(referrers(one).startsWith(s390x + "\n"), referrers(one));
  }

  @Test
  void copiesReferrersOfReferrersAndCountsThem() throws IOException {
    String first = strata("attach", sbom, image).succeeds().out();
    String artifact = first.substring(0, first.indexOf(' '));
    String layout = samples.path("layout");
    String index = Files.readString(temporary.resolve("layout/index.json"));
    int position = index.indexOf(artifact) < index.indexOf("ref.name") ? 0 : 1;
    String signature = samples.file("signature", "signed");
    strata("attach", "--type", "application/x", signature, "oci:" + layout + ":@" + position)
        .succeeds();
    String copy = "oci:" + samples.path("copy") + ":1";
    String events = strata("copy", "--json", "--referrers", image, copy).succeeds().out();
    assertTrue(events.contains("{\"event\":\"referrers\",\"added\":2,\"present\":0}\n"), events);
    assertEquals(referrers(image), referrers(copy));
    assertTrue(referrers(copy).contains("\n    sha256:"), referrers(copy));
    String again = strata("copy", "--referrers", image, copy).succeeds().err();
    assertTrue(again.contains("referrers: 0 added, 2 already present\n"), again);
  }

  @Test
  void warnsIfTheCopyChangesTheDigestThatReferrersName() {
    strata("attach", sbom, image).succeeds();
    String copy = "oci:" + samples.path("copy") + ":1";
    String err = strata("copy", "--referrers", "--dest-decompress", image, copy).succeeds().err();
    assertTrue(err.contains("warning: referrers of " + digest(image) + " were not copied: 1"), err);
    assertTrue(referrers(copy).startsWith("Nothing refers to"), referrers(copy));
  }

  @Test
  void refusesToCopyReferrersFromAPlaceWithoutThem() {
    String copy = "oci:" + samples.path("copy") + ":1";
    strata("copy", "--referrers", json, copy).isBadUsage(2, "cannot copy referrers from there");
    assertFalse(Files.exists(temporary.resolve("copy")));
  }

  @Test
  void aCopyAttachesABillOfMaterials() throws IOException {
    String copy = "oci:" + samples.path("copy") + ":1";
    strata("copy", "--attach-sbom-file", sbom, json, copy).succeeds();
    strata("attach", sbom, image).succeeds();
    assertEquals(referrers(image), referrers(copy));
    String notes = samples.file("notes.md", "# Notes\n");
    String none = samples.path("none");
    strata("copy", "--attach-sbom-file", notes, json, "oci:" + none + ":1")
        .fails("is neither a CycloneDX nor an SPDX document");
    assertFalse(Files.exists(Path.of(none)));
    strata("copy", "--attestation", json, copy).isBadUsage(2, "--attestation requires");
  }

  @Test
  void aCopyMakesABillOfMaterialsOfEachImage() throws IOException {
    String both = samples.path("both.json");
    strata("index", both, json, build("s390x")).succeeds();
    String copy = "oci:" + samples.path("copy") + ":1";
    String events =
        strata("copy", "--json", "--attach-sbom", "cyclonedx", both, copy).succeeds().out();
    assertTrue(events.contains("{\"event\":\"referrers\",\"added\":2,\"present\":0}\n"), events);
    String listed = referrers(copy);
    for (String arch : List.of("amd64", "s390x")) {
      String digest = digest("--arch", arch, copy);
      assertTrue(listed.contains(digest + "  linux/" + arch + "\n  sha256:"), listed);
    }
    String attested = "oci:" + samples.path("attested") + ":1";
    strata("copy", "--attach-sbom", "spdx", "--attestation", both, attested).succeeds();
    String index = strata("manifest", "--all", attested).succeeds().out();
    assertEquals(3, index.split("attestation-manifest", -1).length, index);
    strata("copy", "--attach-sbom", "x", json, copy).isBadUsage(2, "must be cyclonedx or spdx");
    strata("copy", "--attach-sbom", "spdx", "--attach-sbom-file", sbom, json, copy)
        .isBadUsage(2, "cannot be combined");
  }

  @Test
  void anAttestationIsPartOfTheIndexUnderTheTag() throws IOException {
    String copy = "oci:" + samples.path("copy") + ":1";
    String digestFile = samples.path("digest");
    strata(
            "copy",
            "--digestfile",
            digestFile,
            "--attestation",
            "--attach-sbom-file",
            sbom,
            json,
            copy)
        .succeeds();
    String index = digest("--all", copy);
    assertEquals(index, Files.readString(Path.of(digestFile)));
    assertEquals(digest(image), digest("--arch", "amd64", copy));
    assertEquals(
        index + " is the index with the attestation\n",
        strata("attach", "--attestation", sbom, copy).succeeds().out());
    String manifest = strata("manifest", "--all", copy).succeeds().out();
    assertTrue(manifest.contains("\"vnd.docker.reference.type\":\"attestation-manifest\""));
    strata("attach", "--attestation", sbom, "oci:" + samples.path("layout")).fails("specify a tag");
    String both = samples.path("both.json");
    strata("index", both, json, build("s390x")).succeeds();
    String multi = "oci:" + samples.path("multi") + ":1";
    strata("copy", "-q", both, multi).succeeds();
    strata("attach", "--attestation", sbom, multi).fails("an index of 2 images", "--arch");
    strata("attach", "--attestation", "--arch", "s390x", sbom, multi).succeeds();
  }
}
