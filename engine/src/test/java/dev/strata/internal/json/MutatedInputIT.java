package dev.strata.internal.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.strata.blob.Digest;
import dev.strata.closure.ClosureGraph;
import dev.strata.image.Image;
import dev.strata.image.JsonFiles;
import dev.strata.image.PulledImage;
import dev.strata.io.OutputFile;
import dev.strata.io.StrataException;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBlobs;
import dev.strata.layer.LayerBuilder;
import dev.strata.layering.LayerPath;
import dev.strata.layering.LayerPlanner;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Timestamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Spoiled inputs of every kind: each is either taken or refused with one line, in a short time, and
 * a refused one leaves the output as it was.
 */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class MutatedInputIT {
  private static final String A = "a".repeat(64);
  private static final String B = "b".repeat(64);
  private static final String C = "c".repeat(64);

  private static final int MUTATIONS = 500;
  private static final String OLD = "what was there before\n";
  private static final Timestamp TIME = Timestamp.parse("2024-05-13T09:31:10Z");

  @TempDir private Path temporary;
  private Path root;
  private Path input;
  private Path out;
  private Path tree;

  @BeforeEach
  void createFiles() throws IOException {
    root = temporary.toRealPath();
    input = root.resolve("input.json");
    out = Files.createDirectory(root.resolve("out")).resolve("result.json");
    tree = Files.createDirectory(root.resolve("tree"));
    Files.createDirectory(tree.resolve("bin"));
    Files.writeString(tree.resolve("bin/program"), "program");
  }

  private void check(String json, Supplier<String> use) throws IOException {
    Mutations mutations = new Mutations(json.hashCode());
    int refused = 0;
    Files.writeString(input, json);
    // Unspoiled it is taken: else nothing would be tested.
    assertFalse(use.get().isEmpty());
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] spoiled = mutations.spoil(json);
      Files.write(input, spoiled);
      Files.writeString(out, OLD);
      refused += isRefused(spoiled, use) ? 1 : 0;
      try (Stream<Path> files = Files.list(root.resolve("out"))) {
        assertEquals(List.of(out), files.toList());
      }
    }
    assertTrue(refused > MUTATIONS / 10, "hardly any was refused: " + refused);
    assertTrue(refused < MUTATIONS, "all were refused");
  }

  private boolean isRefused(byte[] spoiled, Supplier<String> use) throws IOException {
    long start = System.nanoTime();
    try {
      String result = use.get();
      OutputFile.write(out, result.getBytes(UTF_8));
      assertEquals(result, Files.readString(out));
      return false;
    } catch (StrataException e) {
      String message = String.valueOf(e.getMessage());
      assertEquals(1, message.lines().count(), message);
      assertEquals(OLD, Files.readString(out));
      return true;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      String shown = new String(spoiled, UTF_8);
      return fail(shown.substring(0, Math.min(2000, shown.length())), e);
    } finally {
      long seconds = (System.nanoTime() - start) / 1_000_000_000;
      assertTrue(seconds < 20, () -> "took " + seconds + " s: " + new String(spoiled, UTF_8));
    }
  }

  private String build(LayerPlanner planner) {
    List<List<LayerPath>> plan = planner.plan(List.of(tree.toString()));
    return JsonFiles.toJson(LayerBuilder.create().withJobs(2).build(plan));
  }

  @Test
  void closureGraphs() throws IOException {
    check(
        """
        [{"path": "/nix/store/a", "references": ["/nix/store/b", "/nix/store/a"], "narSize": 12},
         {"path": "/nix/store/b", "references": [], "valid": true, "closureSize": 1.5e3},
         {"path": "/nix/store/c", "references": ["/nix/store/b"]}]
        """,
        () ->
            LayerPlanner.create()
                .withMaxLayers(2)
                .plan(ClosureGraph.read(input).byPopularity())
                .toString());
  }

  @Test
  void rewrites() throws IOException {
    check(
        """
        [{"path": "%s", "regex": "^%s/(b(i)n|x{2,5}[a-c]+)", "repl": "/usr/$1/${2}"},
         {"path": "/other", "regex": "", "repl": "$$"}]
        """
            .formatted(tree, tree),
        () -> build(LayerPlanner.create().withRewritesFrom(input)));
  }

  @Test
  void permissionRules() throws IOException {
    check(
        """
        [{"path": "%s", "regex": "bin/.*", "mode": "0755", "uid": 1000, "gid": 100,
          "uname": "user", "gname": "users"},
         {"path": "%s", "regex": "program$", "mode": "", "uid": 0, "gid": 0, "uname": "", "gname": ""}]
        """
            .formatted(tree, tree),
        () -> build(LayerPlanner.create().withPermsFrom(input)));
  }

  @Test
  void histories() throws IOException {
    check(
        """
        {"created": "2024-05-13T09:31:10.5+02:00", "created_by": "me", "author": "a", "comment": "c",
         "empty_layer": false}
        """,
        () ->
            JsonFiles.toJson(
                LayerBuilder.create()
                    .withHistory(JsonFiles.readHistory(input))
                    .build(List.of(List.of(new LayerPath(tree.toString(), null))))));
  }

  private String layersJson() {
    String digest = Digest.of(new byte[0]).value();
    return """
    [{"digest": "%s", "size": 1024, "diff_ids": "%s", "paths": [{"path": "%s", "options": {
        "rewrite": {"regex": "^a", "repl": "b"}, "perms": [{"regex": ".*", "mode": "0644",
        "uid": 1, "gid": 1, "uname": "u", "gname": "g"}]}}],
      "mediatype": "application/vnd.oci.image.layer.v1.tar", "layer-path": "",
      "History": {"created_by": "x"}},
     {"digest": "%s", "size": 1024, "diff_ids": "%s", "mediatype": "m", "layer-path": "/tmp/t.tar",
      "History": {}}]
    """
        .formatted(digest, digest, tree, digest, digest);
  }

  @Test
  void layersOfParents() throws IOException {
    check(
        layersJson(),
        () -> {
          List<Layer> layers = JsonFiles.readLayers(input);
          LayerPlanner planner = LayerPlanner.create();
          for (Layer layer : layers) {
            planner = planner.withParentPaths(layer.paths());
            assertEquals(layer.size().isPresent(), LayerBlobs.of(layer, 1).descriptor().size() > 0);
          }
          return planner.plan(List.of(tree.toString(), "/other")) + JsonFiles.toJson(layers);
        });
  }

  @Test
  void configurations() throws IOException {
    check(
        """
        {"User": "u", "ExposedPorts": {"80/tcp": {}}, "Env": ["A=b", "C=d"], "Entrypoint": ["/e"],
         "Cmd": ["c"], "Volumes": {"/v": {}}, "WorkingDir": "/w", "Labels": {"a": "b", "c": "<d>"},
         "StopSignal": "TERM", "ArgsEscaped": false, "unknown": [1, {"x": null}]}
        """,
        () -> {
          ImageConfig config = JsonFiles.readConfig(input);
          Image image = Image.assemble(config, null, List.of(), "amd64", TIME);
          return image.toJson() + image.configBlob().descriptor();
        });
  }

  @Test
  void images() throws IOException {
    check(
        """
        {"version": 1, "image-config": {"Env": ["A=b"], "Labels": {"x": "y"}}, "layers": %s,
         "arch": "amd64", "created": "2024-05-13T09:31:10Z"}
        """
            .formatted(layersJson()),
        () -> {
          Image base = Image.read(input);
          Image image = Image.assemble(ImageConfig.EMPTY, base, base.layers(), "arm64", TIME);
          return base.toJson() + image.toJson() + image.configBlob().descriptor();
        });
  }

  /** Writes the other files of a pulled image and returns its manifest. */
  private String pulledImage() throws IOException {
    String id = Digest.of(new byte[0]).value();
    String config = "{\"rootfs\": {\"diff_ids\": [\"%s\", \"%s\", \"%s\"]}}".formatted(id, id, id);
    Files.writeString(root.resolve(C), config);
    return """
    {"schemaVersion": 2, "config": {"mediaType": "c", "digest": "sha256:%s", "size": 7},
     "layers": [
      {"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": "sha256:%s"},
      {"mediaType": "application/vnd.docker.image.rootfs.diff.tar", "digest": "sha256:%s"}]}
    """
        .formatted(C, A, B);
  }

  private String blobMap() {
    return "{\"%s\": \"%s\", \"%s\": \"/a\", \"%s\": \"b\"}".formatted(C, root.resolve(C), A, B);
  }

  @Test
  void manifests() throws IOException {
    String manifest = pulledImage();
    Path blobs = Files.writeString(input.resolveSibling("blobs.json"), blobMap());

    check(manifest, () -> PulledImage.fromManifest(input, blobs).toJson());
  }

  @Test
  void blobMaps() throws IOException {
    Path manifest = Files.writeString(input.resolveSibling("manifest.json"), pulledImage());

    check(blobMap(), () -> PulledImage.fromManifest(manifest, input).toJson());
  }

  @Test
  void configurationsOfPulledImages() throws IOException {
    pulledImage();
    Path manifest = Files.writeString(input.resolveSibling("manifest.json"), pulledImage());
    Path blobs = input.resolveSibling("blobs.json");
    Files.writeString(blobs, blobMap().replace(root.resolve(C).toString(), input.toString()));

    check(
        Files.readString(root.resolve(C)),
        () -> PulledImage.fromManifest(manifest, blobs).toJson());
  }
}
