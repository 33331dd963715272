package dev.strata.explain.sbom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.BytesBlob;
import dev.strata.blob.Digest;
import dev.strata.closure.ClosureGraph;
import dev.strata.closure.NarInfo;
import dev.strata.closure.StorePath;
import dev.strata.image.ImageBlobs;
import dev.strata.layer.LayerSource;
import dev.strata.layer.RegistryLayer;
import dev.strata.oci.Reference;
import dev.strata.oci.Timestamp;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SbomTest {
  private static final String HASH = "0c9mk2vv2wzbvmnsrb3n1a7dyg4smj4";
  private static final String APP = "/nix/store/" + HASH + "0-app-1.2";
  private static final String LIBRARY = "/nix/store/" + HASH + "1-openssl-3.0.13-bin";
  private static final String SOURCE = "/nix/store/" + HASH + "2-source";
  private static final String PACKAGE = "{\"name\":\"a\",\"version\":\"1\"}";
  private static final Pattern PURL = Pattern.compile("\"purl\": \"(pkg:[^\"]+)\"");

  @TempDir private Path folder;

  private SbomOptions options() {
    return SbomOptions.defaults().withTemporaryFolder(folder);
  }

  private Sbom sbom(SampleImage image) throws IOException {
    return Sbom.of(image.build(), options(), Transfer.quiet(2));
  }

  private static String text(byte[] document) {
    return new String(document, StandardCharsets.UTF_8);
  }

  /** The package URLs of all components except the image, in the order of the document. */
  private static List<String> purls(Sbom sbom) {
    List<String> found = new ArrayList<>();
    Matcher matcher = PURL.matcher(text(sbom.toCycloneDx()));
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found.subList(1, found.size());
  }

  private static SampleImage closure() throws IOException {
    return new SampleImage()
        .file(APP.substring(1) + "/bin/app", "app")
        .nextLayer()
        .file(LIBRARY.substring(1) + "/lib/libssl.so", "ssl")
        .file(SOURCE.substring(1) + "/main.c", "int main;");
  }

  @Test
  void storePathsAreComponentsWithoutTheirOutput() throws IOException {
    Sbom sbom = sbom(closure());
    assertEquals(List.of("pkg:nix/app@1.2", "pkg:nix/openssl@3.0.13"), purls(sbom));
    assertEquals(List.of(APP, LIBRARY, SOURCE), sbom.storePaths());
    assertEquals(3, sbom.size());
    String json = text(sbom.toCycloneDx());
    assertTrue(json.contains("\"value\": \"bin\""), json);
  }

  @Test
  void withoutReferencesTheImageDependsOnAllAndSaysSo() throws IOException {
    Sbom sbom = sbom(closure());
    assertTrue(sbom.notes().getFirst().contains("references between the store paths"));
    String json = text(sbom.toCycloneDx());
    assertTrue(json.contains("\"aggregate\": \"unknown\""), json);
    assertTrue(
        json.replaceAll("\\s", "").contains("[\"" + APP + "\",\"" + LIBRARY + "\",\"" + SOURCE));
  }

  @Test
  void referencesAndHashesComeFromTheClosureGraph() throws IOException {
    Digest hash = Digest.of(new byte[] {1});
    ClosureGraph graph =
        new ClosureGraph(
            List.of(
                new StorePath(APP, List.of(APP, LIBRARY, "/nix/store/elsewhere")),
                new StorePath(LIBRARY, List.of(), NarInfo.of(hash, 17)),
                new StorePath(SOURCE, List.of()),
                new StorePath("/nix/store/elsewhere", List.of(LIBRARY))));
    Sbom unknown = sbom(closure());
    Sbom sbom = unknown.with(options().withGraph(graph));
    assertEquals(List.of(), sbom.notes());
    String json = text(sbom.toCycloneDx()).replaceAll("\\s", "");
    assertTrue(json.contains("\"ref\":\"" + APP + "\",\"dependsOn\":[\"" + LIBRARY + "\"]"), json);
    assertTrue(json.contains("\"dependsOn\":[\"" + APP + "\",\"" + SOURCE + "\"]"), json);
    assertTrue(json.contains("\"alg\":\"SHA-256\",\"content\":\"" + hash.hex()), json);
    assertTrue(json.contains("\"nix:nar_size\",\"value\":\"17\""), json);
    assertFalse(json.contains("elsewhere"), json);
    assertFalse(json.contains("compositions"), json);
    String spdx = text(sbom.toSpdx());
    assertTrue(spdx.contains("\"checksumValue\": \"" + hash.hex() + "\""), spdx);
    assertTrue(spdx.contains("DEPENDS_ON"), spdx);
  }

  @Test
  void theIdentifierDependsOnAllContent() throws IOException {
    Sbom sbom = sbom(closure());
    SbomOptions options = options();
    Set<String> ids = new HashSet<>();
    List<Sbom> different =
        List.of(
            sbom,
            sbom.with(options.withTimestamp(Timestamp.parse("2024-01-02T03:04:05Z"))),
            sbom.with(options.withName(Reference.parse("example.org/app:1"))),
            // A name that looks like an identifier.
            sbom.with(
                options.withName(Reference.parse("example.org/strata-" + DocumentId.UNKNOWN))),
            sbom.with(options.withDigest(Digest.of(new byte[] {1}))),
            sbom.with(options.withGraph(new ClosureGraph(List.of(new StorePath(APP, List.of()))))),
            sbom(closure().file("app/node_modules/a/package.json", PACKAGE)));
    for (Sbom each : different) {
      ids.add(id("urn:uuid:", each.toCycloneDx()));
      ids.add(id("https://spdx.org/spdxdocs/strata-", each.toSpdx()));
      assertEquals(id("urn:uuid:", each.toCycloneDx()), id("urn:uuid:", each.toCycloneDx()));
    }
    assertEquals(2 * different.size(), ids.size());
  }

  private static String id(String before, byte[] document) {
    Matcher matcher =
        Pattern.compile(
                "\"" + Pattern.quote(before) + "([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})\"")
            .matcher(text(document));
    assertTrue(matcher.find());
    return matcher.group(1);
  }

  @Test
  void storePathsInACircleAreReachedFromTheImage() throws IOException {
    ClosureGraph graph =
        new ClosureGraph(
            List.of(
                new StorePath(APP, List.of(LIBRARY)),
                new StorePath(LIBRARY, List.of(APP)),
                new StorePath(SOURCE, List.of())));
    Sbom sbom = sbom(closure()).with(options().withGraph(graph));
    String json = text(sbom.toCycloneDx()).replaceAll("\\s", "");
    assertTrue(json.contains("\"dependsOn\":[\"" + APP + "\",\"" + SOURCE + "\"]"), json);
  }

  @Test
  void pathsOfTheGraphOutsideOfTheStoreAreFound() throws IOException {
    SampleImage image = new SampleImage().file("srv/debian/tool_1.0/bin/tool", "tool");
    ClosureGraph graph =
        new ClosureGraph(List.of(new StorePath("/srv/debian/tool_1.0", List.of())));
    Sbom sbom = Sbom.of(image.build(), options().withGraph(graph), Transfer.quiet(1));
    assertEquals(List.of("/srv/debian/tool_1.0"), sbom.storePaths());
    assertEquals(List.of(), purls(sbom));
    assertEquals(List.of(), sbom.notes());
  }

  @Test
  void theImageIsNamedByItsPackageUrl() throws IOException {
    Digest digest = Digest.of(new byte[] {2});
    SbomOptions options =
        options()
            .withName(Reference.parse("registry.example.org:5000/team/app:1.0"))
            .withDigest(digest);
    String json = text(Sbom.of(closure().build(), options, Transfer.quiet(1)).toCycloneDx());
    assertTrue(
        json.contains(
            "\"pkg:oci/app@sha256%3A"
                + digest.hex()
                + "?arch=arm64&repository_url=registry.example.org:5000/team/app&tag=1.0\""),
        json);
  }

  @Test
  void theSameImageGivesTheSameBytes() throws IOException {
    SampleImage image = closure().file("opt/a.jar", SampleImage.zip("x", "y"), 0644);
    ImageBlobs built = image.build();
    Sbom one = Sbom.of(built, options(), Transfer.quiet(1));
    Sbom eight = Sbom.of(built, options(), Transfer.quiet(8));
    for (SbomFormat format : SbomFormat.values()) {
      assertArrayEquals(one.in(format), eight.in(format));
    }
    assertFalse(text(one.toCycloneDx()).contains("timestamp"));
    assertTrue(text(one.toSpdx()).contains("\"created\": \"1970-01-01T00:00:00Z\""));
    Sbom dated = one.with(options().withTimestamp(Timestamp.parse("2024-05-06T07:08:09Z")));
    assertTrue(text(dated.toCycloneDx()).contains("\"timestamp\": \"2024-05-06T07:08:09Z\""));
    assertTrue(text(dated.toSpdx()).contains("\"created\": \"2024-05-06T07:08:09Z\""));
  }

  @Test
  void packagesOfDebianHaveTheNamesOfTheDistribution() throws IOException {
    Sbom sbom =
        sbom(
            new SampleImage()
                .file("usr/lib/os-release", "ID=other\n")
                .file("etc/os-release", "# it\nID='ubuntu'\nVERSION_ID=\"24.04\"\n")
                .file(
                    "var/lib/dpkg/status",
                    "Package: g++\n"
                        + "Status: install ok installed\n"
                        + "Architecture: arm64\n"
                        + "Source: gcc-defaults (1.2)\n"
                        + "Version: 4:13.2\n"
                        + "Description: x\n"
                        + " Version: no\n"
                        + "\n"
                        + "Package: gone\n"
                        + "Status: deinstall ok config-files\n"
                        + "Version: 1\n\n\n"
                        + "Package: last\n"
                        + "Status: install ok installed\n"
                        + "Version: 2\n"));
    assertEquals(
        List.of(
            "pkg:deb/ubuntu/g%2B%2B@4:13.2?arch=arm64&distro=ubuntu-24.04&upstream=gcc-defaults%401.2",
            "pkg:deb/ubuntu/last@2?distro=ubuntu-24.04"),
        purls(sbom));
    assertTrue(text(sbom.toCycloneDx()).contains("\"operating-system\""));
  }

  @Test
  void packagesOfDistrolessImagesAndOfAlpineAreFound() throws IOException {
    Sbom sbom =
        sbom(
            new SampleImage()
                .file("var/lib/dpkg/status.d/tzdata", "Package: tzdata\nVersion: 2024a\n")
                .file("var/lib/dpkg/status.d/tzdata.md5sums", "Package: no\nVersion: 1\n")
                .file(
                    "lib/apk/db/installed",
                    "C:Q1x=\n"
                        + "P:musl\n"
                        + "V:1.2.5-r0\n"
                        + "A:aarch64\n"
                        + "o:musl\n"
                        + "p:so:x\n\n"
                        + "P:libcrypto3\n"
                        + "V:3.3-r1\n"
                        + "A:aarch64\n"
                        + "o:openssl\n"
                        + "F:lib\n"
                        + "R:x\n\n"));
    assertEquals(
        List.of(
            "pkg:apk/alpine/libcrypto3@3.3-r1?arch=aarch64&upstream=openssl",
            "pkg:apk/alpine/musl@1.2.5-r0?arch=aarch64",
            "pkg:deb/debian/tzdata@2024a"),
        purls(sbom));
  }

  @Test
  void theDatabaseOfRpmIsPassedOverWithANote() throws IOException {
    Sbom sbom = sbom(new SampleImage().file("var/lib/rpm/rpmdb.sqlite", "SQLite"));
    assertEquals(
        List.of("'/var/lib/rpm/rpmdb.sqlite' was passed over: RPM's database is not read"),
        sbom.notes());
  }

  @Test
  void packagesInAStorePathArePartsOfIt() throws IOException {
    Sbom sbom =
        sbom(
            closure()
                .file(
                    LIBRARY.substring(1) + "/lib/python3/site-packages/Foo_Bar.dist-info/METADATA",
                    "Metadata-Version: 2.1\nName: Foo_Bar\nVersion: 1.0\n\nName: other\n"));
    assertEquals(
        List.of("pkg:nix/app@1.2", "pkg:nix/openssl@3.0.13", "pkg:pypi/foo-bar@1.0"), purls(sbom));
    assertTrue(text(sbom.toCycloneDx()).contains(LIBRARY + "#pkg:pypi/foo-bar@1.0"));
  }

  @Test
  void whatUpperLayersRemoveOrReplaceIsNotThere() throws IOException {
    String removed = "app/node_modules/removed/package.json";
    String replaced = "app/node_modules/replaced/package.json";
    String broken = "app/node_modules/broken/package.json";
    Sbom sbom =
        sbom(
            new SampleImage()
                .file(removed, "{\"name\":\"removed\",\"version\":\"1\"}")
                .file(replaced, "{\"name\":\"replaced\",\"version\":\"1\"}")
                .file(broken, "{")
                .nextLayer()
                .file("app/node_modules/.wh.removed", "")
                .file("app/node_modules/.wh.broken", "")
                .file(replaced, "{\"name\":\"replaced\",\"version\":\"2\"}"));
    assertEquals(List.of("pkg:npm/replaced@2"), purls(sbom));
    assertEquals(List.of(), sbom.notes());
  }

  @Test
  void anotherNameOfAFileIsNotAnotherPackage() throws IOException {
    Sbom sbom =
        sbom(
            new SampleImage()
                .file("a.jar", SampleImage.zip("META-INF/MANIFEST.MF", "Bundle-Version: 1\n"), 0644)
                .hardLink("b.jar", "a.jar"));
    assertEquals(1, sbom.size());
  }

  @Test
  void baseImagesAreComponents() throws IOException {
    SampleImage other = new SampleImage().file("etc/os-release", "ID=debian\nVERSION_ID=13\n");
    BytesBlob bytes = (BytesBlob) other.build().layers().getFirst();
    RegistryLayer remote =
        new RegistryLayer(bytes.descriptor(), LayerSource.of(Reference.parse("debian:13"), true))
            .withBytes(_ -> bytes);
    Sbom sbom = sbom(new SampleImage().add(remote).file("app", "app"));
    assertEquals(List.of("pkg:oci/debian?repository_url=docker.io/library/debian"), purls(sbom));
    assertTrue(text(sbom.toCycloneDx()).contains("\"strata:layers\""));
  }

  @Test
  void namesThatAreNotTextGiveADocumentThatIs() throws IOException {
    byte[] name = "opt/x/node_modules/\u00ff/package.json".getBytes(StandardCharsets.ISO_8859_1);
    SampleImage image =
        new SampleImage()
            .file(
                new String(name, StandardCharsets.ISO_8859_1) + "\u0001\"\\",
                "{\"name\":\"a\",\"version\":\"1\"}");
    SampleImage invalid =
        new SampleImage()
            .file(
                "opt/node_modules/b/package.json",
                "{\"name\":\"\u00ff\",\"version\":\"1\"}".getBytes(StandardCharsets.ISO_8859_1),
                0644);
    for (SampleImage one : List.of(image, invalid)) {
      byte[] json = sbom(one).toCycloneDx();
      assertArrayEquals(json, text(json).getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void temporaryFilesAreDeleted() throws IOException {
    Sbom sbom =
        sbom(
            new SampleImage()
                .file("a.jar", SampleImage.zip("b.jar", SampleImage.zip("x", "y")), 0644)
                .file("c.jar", "not a zip file")
                .file("d.jar", SampleImage.zip("e.jar", "not a zip file"), 0644));
    assertEquals(
        List.of(
            "'/c.jar' was passed over: it is not a zip file",
            "'/d.jar!/e.jar' was passed over: it is not a zip file"),
        sbom.notes());
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.toList());
    }
  }
}
