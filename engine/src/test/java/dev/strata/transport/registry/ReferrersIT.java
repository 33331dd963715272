package dev.strata.transport.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.MediaTypes;
import dev.strata.image.Artifact;
import dev.strata.image.Attestations;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.image.SbomType;
import dev.strata.oci.Manifest;
import dev.strata.oci.Reference;
import dev.strata.testing.Tools;
import dev.strata.transport.Referrers;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Referrers in Debian's docker-registry, which has no referrers API, and in a registry with it.
 * Other programs find them: Skopeo, and a client in Python by the rules of {@code oras discover}.
 */
@Timeout(120)
final class ReferrersIT {
  private static final Transfer QUIET = Transfer.quiet(2);

  /** Prints digest, type and the content of the first file of each referrer of a tag. */
  private static final String DISCOVER =
      """
      import hashlib, json, sys, urllib.request, urllib.error
      host, name, tag = sys.argv[1:]
      accept = ("application/vnd.oci.image.index.v1+json,"
                "application/vnd.oci.image.manifest.v1+json")
      def get(path):
        request = urllib.request.Request(f"http://{host}{path}", headers={"Accept": accept})
        with urllib.request.urlopen(request) as answer:
          return answer.read(), answer.headers
      manifest, headers = get(f"/v2/{name}/manifests/{tag}")
      subject = "sha256:" + hashlib.sha256(manifest).hexdigest()
      assert headers["Docker-Content-Digest"] == subject
      found = []
      try:
        page = f"/v2/{name}/referrers/{subject}"
        while page:
          body, headers = get(page)
          assert headers["Content-Type"] == "application/vnd.oci.image.index.v1+json"
          found += json.loads(body)["manifests"]
          link = headers["Link"]
          page = link[1:link.index(">")] if link else None
        way = "api"
      except urllib.error.HTTPError as e:
        assert e.code == 404
        body, headers = get(f"/v2/{name}/manifests/{subject.replace(':', '-')}")
        assert headers["Content-Type"] == "application/vnd.oci.image.index.v1+json"
        found = json.loads(body)["manifests"]
        way = "tag"
      print(way, len(found))
      for entry in sorted(found, key=lambda e: e["annotations"]["name"]):
        body, _ = get(f"/v2/{name}/manifests/{entry['digest']}")
        assert entry["digest"] == "sha256:" + hashlib.sha256(body).hexdigest()
        assert entry["size"] == len(body)
        artifact = json.loads(body)
        assert artifact["subject"]["digest"] == subject
        assert artifact["subject"]["size"] == len(manifest)
        assert artifact["artifactType"] == entry["artifactType"]
        assert artifact["annotations"] == entry["annotations"]
        layer = artifact["layers"][0]
        content, _ = get(f"/v2/{name}/blobs/{layer['digest']}")
        print(entry["artifactType"], layer["annotations"]["org.opencontainers.image.title"],
              content.decode())
      """;

  /** Prints the bills of materials of a tag as {@code docker buildx imagetools} finds them. */
  private static final String SBOMS_OF_INDEX =
      """
      import json, sys, urllib.request
      host, name, tag = sys.argv[1:]
      accept = ("application/vnd.oci.image.index.v1+json,"
                "application/vnd.oci.image.manifest.v1+json")
      def get(path):
        request = urllib.request.Request(f"http://{host}{path}", headers={"Accept": accept})
        return urllib.request.urlopen(request).read()
      index = json.loads(get(f"/v2/{name}/manifests/{tag}"))
      images = {m["digest"] for m in index["manifests"]
                if m.get("annotations", {}).get("vnd.docker.reference.type") is None}
      for entry in index["manifests"]:
        annotations = entry.get("annotations", {})
        if annotations.get("vnd.docker.reference.type") != "attestation-manifest":
          continue
        assert annotations["vnd.docker.reference.digest"] in images
        manifest = json.loads(get(f"/v2/{name}/manifests/{entry['digest']}"))
        for layer in manifest["layers"]:
          assert layer["mediaType"] == "application/vnd.in-toto+json"
          if layer["annotations"]["in-toto.io/predicate-type"] == "https://spdx.dev/Document":
            statement = json.loads(get(f"/v2/{name}/blobs/{layer['digest']}"))
            assert statement["predicateType"] == "https://spdx.dev/Document"
            print(json.dumps(statement["predicate"]))
      """;

  @TempDir private Path temporary;

  @BeforeAll
  static void requireTools() {
    Tools.require("docker-registry", "python3", "skopeo");
  }

  private static Reference reference(String host) {
    return Reference.parse(host + "/team/app:1");
  }

  private static Descriptor pushImage(String host) {
    return RegistryDestination.of(reference(host), Samples.options())
        .write(Samples.image(Samples.layer(1, 1000)), QUIET);
  }

  private static int attach(String host, Descriptor image, String name) {
    Blob file = new BytesBlob("text/plain", ("content of " + name).getBytes(UTF_8));
    ImageBlobs artifact =
        Artifact.of(file, name + ".txt")
            .withType("application/vnd.example." + name)
            .withAnnotations(Map.of("name", name))
            .referringTo(image);
    try (Referrers referrers =
        RegistryReferrers.writable(reference(host), Samples.options(), QUIET.listener())) {
      return referrers.add(image.digest(), List.of(new CopySource.Single(artifact)), QUIET);
    }
  }

  private static String python(String program, String host) throws IOException {
    return run("python3", "-c", program, host, "team/app", "1");
  }

  private static String run(String... command) throws IOException {
    Process process = Tools.process(command).redirectErrorStream(true).start();
    String printed = Tools.read(process.getInputStream());
    try {
      assertEquals(0, process.waitFor(), printed);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return printed;
  }

  private static void assertFound(String host, String way) throws IOException {
    Descriptor image = pushImage(host);
    assertEquals(1, attach(host, image, "a"));
    assertEquals(1, attach(host, image, "b"));
    assertEquals(0, attach(host, image, "a"));
    assertEquals(
        way
            + " 2\n"
            + "application/vnd.example.a a.txt content of a\n"
            + "application/vnd.example.b b.txt content of b\n",
        python(DISCOVER, host));
  }

  @Test
  void areFoundByTheTagInARegistryWithoutTheApi() throws IOException {
    try (DebianRegistry registry = DebianRegistry.start(temporary, "", "")) {
      assertFound(registry.host(), "tag");
      Descriptor image = pushImage(registry.host());
      String index =
          run(
              "skopeo",
              "inspect",
              "--tls-verify=false",
              "--raw",
              "docker://"
                  + registry.host()
                  + "/team/app:"
                  + image.digest().value().replace(':', '-'));
      Manifest read = Manifest.parse("the index", index.getBytes(UTF_8), MediaTypes.INDEX);
      for (Manifest.Member each : read.images()) {
        String name = "docker://" + registry.host() + "/team/app@" + each.descriptor().digest();
        String artifact = run("skopeo", "inspect", "--tls-verify=false", "--raw", name);
        assertTrue(artifact.contains("\"subject\""), artifact);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100})
  void areFoundByTheApi(int page) throws IOException {
    try (FakeRegistry registry = new FakeRegistry()) {
      registry.referrersPage = page;
      assertFound(registry.host(), "api");
    }
  }

  @Test
  void noneIsLostWhenSeveralClientsAttachAtOnce() throws Exception {
    try (DebianRegistry registry = DebianRegistry.start(temporary, "", "");
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      Descriptor image = pushImage(registry.host());
      List<Future<Integer>> attached = new ArrayList<>();
      for (String name : List.of("a", "b", "c", "d")) {
        attached.add(threads.submit(() -> attach(registry.host(), image, name)));
      }
      for (Future<Integer> each : attached) {
        assertEquals(1, each.get());
      }
      assertTrue(python(DISCOVER, registry.host()).startsWith("tag 4\n"));
    }
  }

  @Test
  void anAttestationIsFoundByTheRulesOfBuildx() throws IOException {
    try (DebianRegistry registry = DebianRegistry.start(temporary, "", "")) {
      pushImage(registry.host());
      Blob document =
          new BytesBlob("application/spdx+json", "{\"spdxVersion\":\"SPDX-2.3\"}".getBytes(UTF_8));
      ImageBlobs image = Samples.image(Samples.layer(1, 1000));
      Attestations.Sbom sbom =
          new Attestations.Sbom(image.manifest().descriptor(), SbomType.SPDX, document);
      RegistryDestination.of(reference(registry.host()), Samples.options())
          .writeIndex(Attestations.with(new CopySource.Single(image), List.of(sbom)), QUIET);
      assertEquals("{\"spdxVersion\": \"SPDX-2.3\"}\n", python(SBOMS_OF_INDEX, registry.host()));
    }
  }
}
