package dev.strata.cli.look;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.packageurl.PackageURL;
import dev.strata.cli.SampleFolders;
import dev.strata.cli.SbomSchema;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.cyclonedx.Version;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.model.Dependency;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spdx.jacksonstore.MultiFormatStore;
import org.spdx.library.model.ExternalRef;
import org.spdx.library.model.Relationship;
import org.spdx.library.model.SpdxDocument;
import org.spdx.library.model.SpdxElement;
import org.spdx.library.model.SpdxModelFactory;
import org.spdx.library.model.SpdxPackage;
import org.spdx.library.model.enumerations.RelationshipType;
import org.spdx.storage.simple.InMemSpdxStore;

/**
 * The libraries of CycloneDX, SPDX and package URLs read what is written: an image with store paths
 * on top of a base image with the packages of Debian.
 */
final class SbomReadersTest {
  private static final String APP = "0c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x-app-1.0";
  private static final String PYTHON = "1c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x-python3-3.12.7";

  /** Versions and names with all characters that Debian allows. */
  private static final String DPKG =
      """
      Package: libstdc++6
      Status: install ok installed
      Architecture: amd64
      Multi-Arch: same
      Source: gcc-14 (14.2.0-19)
      Version: 14.2.0-19+b1
      Description: GNU Standard C++ Library v3
       This package contains an additional runtime library.
       .
       Second paragraph.

      Package: vim
      Status: install ok installed
      Architecture: amd64
      Version: 2:9.1.0~rc1+dfsg^git1-1

      Package: removed
      Status: deinstall ok config-files
      Architecture: amd64
      Version: 1
      """;

  /** All package URLs, written down here by the rules of the specification. */
  private static final Set<String> PURLS =
      Set.of(
          "pkg:nix/app@1.0",
          "pkg:nix/python3@3.12.7",
          "pkg:pypi/requests@2.32",
          "pkg:npm/%40scope/name@1.0.0",
          "pkg:deb/debian/libstdc%2B%2B6@14.2.0-19%2Bb1"
              + "?arch=amd64&distro=debian-13&upstream=gcc-14%4014.2.0-19",
          "pkg:deb/debian/vim@2:9.1.0~rc1%2Bdfsg%5Egit1-1?arch=amd64&distro=debian-13");

  @TempDir private Path temporary;
  private SampleFolders samples = new SampleFolders(Path.of(""));

  @BeforeEach
  void makeImage() throws IOException {
    samples = new SampleFolders(temporary);
    samples.file(
        "debian/etc/os-release",
        "PRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\nID=debian\nVERSION_ID=\"13\"\n");
    samples.file("debian/var/lib/dpkg/status", DPKG);
    strata("build", "--copy-to-root", samples.path("debian"), "--to", "oci:" + layout("base"))
        .succeeds();
    samples.file(APP + "/app", "app");
    jarOf(Test.class, samples.path(APP) + "/junit.jar");
    samples.file(
        APP + "/node_modules/@scope/name/package.json",
        "{\"name\": \"@scope/name\", \"version\": \"1.0.0\"}");
    samples.file(PYTHON + "/lib/requests.dist-info/METADATA", "Name: requests\nVersion: 2.32\n");
    samples.file(PYTHON + "/lib/broken.jar", "broken");
    samples.file(
        "closure.json",
        """
        [{"path": "%1$s", "references": ["%2$s"], "narHash": "sha256:%3$s", "narSize": 12},
         {"path": "%2$s", "references": []}]
        """
            .formatted(samples.path(APP), samples.path(PYTHON), "a".repeat(64)));
    strata(
            "build",
            "--from",
            "oci:" + layout("base"),
            "--closure-graph",
            samples.path("closure.json"),
            "-o",
            samples.path("image.json"))
        .succeeds();
  }

  private String layout(String name) {
    return samples.path("layout") + ":" + name;
  }

  /** Copies the jar of a class, which Maven built. */
  private static void jarOf(Class<?> type, String target) throws IOException {
    String location =
        Objects.requireNonNull(type.getProtectionDomain().getCodeSource()).getLocation().getPath();
    try (InputStream in = Files.newInputStream(Path.of(location))) {
      Files.copy(in, Path.of(target));
    }
  }

  private byte[] sbom(String format) {
    return strata(
            "sbom",
            "--format",
            format,
            "--closure-graph",
            samples.path("closure.json"),
            "--name",
            "example.org/team/app:1.0",
            samples.path("image.json"))
        .succeeds()
        .bytes();
  }

  @Test
  void theLibraryOfCycloneDxReadsTheDocument() throws Exception {
    byte[] document = sbom("cyclonedx");
    SbomSchema.CYCLONEDX.accepts(document);
    JsonParser parser = new JsonParser();
    assertEquals(List.of(), parser.validate(document, Version.VERSION_16));

    Bom bom = parser.parse(document);
    assertTrue(bom.getSerialNumber().startsWith("urn:uuid:"), bom.getSerialNumber());
    assertEquals("example.org/team/app", bom.getMetadata().getComponent().getName());
    List<Component> all = new ArrayList<>();
    all.add(bom.getMetadata().getComponent());
    collect(bom.getComponents(), all);
    Set<String> refs = new TreeSet<>();
    Set<String> purls = new TreeSet<>();
    for (Component component : all) {
      assertTrue(refs.add(component.getBomRef()), component.getBomRef());
      if (component.getPurl() != null) {
        purls.add(component.getPurl());
      }
    }
    assertPurls(purls);
    int dependencies = 0;
    for (Dependency dependency : bom.getDependencies()) {
      assertTrue(refs.contains(dependency.getRef()), dependency.getRef());
      for (Dependency target : list(dependency.getDependencies())) {
        assertTrue(refs.contains(target.getRef()), target.getRef());
        dependencies++;
      }
    }
    assertTrue(dependencies >= 2);
    Component app = named(all, "app");
    assertEquals("a".repeat(64), app.getHashes().getFirst().getValue());
    assertEquals("1.0", app.getVersion());
    assertEquals(Component.Type.OPERATING_SYSTEM, named(all, "debian").getType());
  }

  private static void collect(List<Component> components, List<Component> all) {
    for (Component component : list(components)) {
      all.add(component);
      collect(component.getComponents(), all);
    }
  }

  private static <T> List<T> list(List<T> list) {
    return list == null ? List.of() : list;
  }

  private static Component named(List<Component> all, String name) {
    return all.stream().filter(c -> c.getName().equals(name)).findFirst().orElseThrow();
  }

  /** Each package URL is one in canonical form, and they are those of the image. */
  private static void assertPurls(Set<String> purls) throws Exception {
    Set<String> rest = new TreeSet<>(purls);
    for (String purl : purls) {
      assertEquals(parts(purl), parts(new PackageURL(purl).canonicalize()));
    }
    assertTrue(rest.containsAll(PURLS), () -> PURLS + " in " + rest);
    rest.removeAll(PURLS);
    rest.removeIf(purl -> purl.startsWith("pkg:maven/") || purl.startsWith("pkg:generic/"));
    assertEquals(1, rest.size(), rest::toString);
    PackageURL image = new PackageURL(rest.iterator().next());
    assertEquals("oci", image.getType());
    assertEquals("app", image.getName());
    assertTrue(image.getVersion().startsWith("sha256:"), image.getVersion());
    assertEquals("example.org/team/app", image.getQualifiers().get("repository_url"));
    assertEquals("1.0", image.getQualifiers().get("tag"));
  }

  /** What a package URL says; which characters are escaped is not the same in all versions. */
  private static List<Object> parts(String purl) throws Exception {
    PackageURL p = new PackageURL(purl);
    List<Object> parts = new ArrayList<>();
    parts.add(p.getType());
    parts.add(String.valueOf(p.getNamespace()));
    parts.add(p.getName());
    parts.add(String.valueOf(p.getVersion()));
    parts.add(String.valueOf(p.getQualifiers()));
    return parts;
  }

  @Test
  void theLibraryOfSpdxReadsTheDocument() throws Exception {
    byte[] document = sbom("spdx");
    SbomSchema.SPDX.accepts(document);
    MultiFormatStore store =
        new MultiFormatStore(new InMemSpdxStore(), MultiFormatStore.Format.JSON_PRETTY);
    String uri = store.deSerialize(new ByteArrayInputStream(document), false);
    SpdxDocument read = new SpdxDocument(store, uri, null, false);

    assertEquals(List.of(), read.verify());
    assertEquals(1, read.getDocumentDescribes().size());
    SpdxPackage image = (SpdxPackage) read.getDocumentDescribes().iterator().next();
    assertEquals("example.org/team/app", image.getName().orElseThrow());
    Set<String> purls = new TreeSet<>();
    Set<String> names = new TreeSet<>();
    try (var packages = SpdxModelFactory.getElements(store, uri, null, SpdxPackage.class)) {
      for (Object element : packages.toList()) {
        SpdxPackage found = (SpdxPackage) element;
        assertEquals(List.of(), found.verify());
        names.add(found.getName().orElseThrow());
        for (ExternalRef ref : found.getExternalRefs()) {
          purls.add(ref.getReferenceLocator());
        }
      }
    }
    assertTrue(
        names.containsAll(Set.of("app", "python3", "libstdc++6", "vim", "debian")),
        names::toString);
    assertPurls(purls);
    Set<String> contained = targets(image, RelationshipType.CONTAINS);
    assertTrue(contained.contains("libstdc++6"), contained::toString);
    assertTrue(targets(image, RelationshipType.DEPENDS_ON).contains("app"));
  }

  private static Set<String> targets(SpdxPackage from, RelationshipType type) throws Exception {
    Set<String> names = new TreeSet<>();
    for (Relationship relationship : from.getRelationships()) {
      if (relationship.getRelationshipType() == type) {
        SpdxElement target = relationship.getRelatedSpdxElement().orElseThrow();
        names.add(target.getName().orElseThrow());
      }
    }
    return names;
  }

  /** A check that finds nothing wrong anywhere would be worth nothing. */
  @Test
  void theLibrariesFindFaults() throws Exception {
    String cycloneDx = new String(sbom("cyclonedx"), StandardCharsets.UTF_8);
    byte[] wrong =
        cycloneDx.replaceFirst("\"bom-ref\"", "\"bomref\"").getBytes(StandardCharsets.UTF_8);
    assertTrue(!new JsonParser().validate(wrong, Version.VERSION_16).isEmpty());
    String spdx = new String(sbom("spdx"), StandardCharsets.UTF_8);
    MultiFormatStore store =
        new MultiFormatStore(new InMemSpdxStore(), MultiFormatStore.Format.JSON_PRETTY);
    byte[] faulty = spdx.replace("a".repeat(64), "a".repeat(63)).getBytes(StandardCharsets.UTF_8);
    String uri = store.deSerialize(new ByteArrayInputStream(faulty), false);
    assertTrue(!new SpdxDocument(store, uri, null, false).verify().isEmpty());
  }
}
