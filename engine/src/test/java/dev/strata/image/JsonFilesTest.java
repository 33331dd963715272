package dev.strata.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.blob.Digest;
import dev.strata.layer.Layer;
import dev.strata.layering.LayerPath;
import dev.strata.layering.PathOptions;
import dev.strata.layering.Perm;
import dev.strata.layering.Rewrite;
import dev.strata.oci.History;
import dev.strata.oci.Timestamp;
import dev.strata.testing.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonFilesTest {
  private static final Digest ONE = Digest.of(new byte[] {1});
  private static final Digest TWO = Digest.of(new byte[] {2});

  @TempDir private Path temporary;

  @Test
  void readsWhatItWrites() throws IOException {
    Perm perm =
        Perm.of("a<b>").withMode("0755").withOwner(-1, Long.MAX_VALUE).withOwnerNames("u", "g");
    List<Layer> layers =
        List.of(
            Layer.builder()
                .digest(ONE)
                .size(Long.MAX_VALUE)
                .diffId(TWO)
                .paths(
                    List.of(
                        new LayerPath("/nix/store/a", null),
                        new LayerPath(
                            "/nix/store/é",
                            new PathOptions(new Rewrite("^x", "$1"), List.of(perm, perm))),
                        new LayerPath("/c", new PathOptions(Rewrite.NONE, null))))
                .file("/tars/1.tar")
                .history(
                    new History(
                        Timestamp.parse("2024-05-13T09:31:10.5+02:00"), "by", "a", "c", true))
                .build(),
            Layer.builder().mediaType(null).build());
    Path file = Files.writeString(temporary.resolve("layers.json"), JsonFiles.toJson(layers));

    assertEquals(layers, JsonFiles.readLayers(file));
  }

  @Test
  void addsUpOptionsThatAreGivenInPieces() throws IOException {
    Path file =
        Files.writeString(
            temporary.resolve("layers.json"),
            """
            [{"paths": [{
              "path": "/a",
              "options": {"rewrite": {"regex": "x"}, "perms": [{"regex": "r", "mode": "0644"}]},
              "options": {"rewrite": {"repl": "y"}}
            }]}]
            """);

    PathOptions options = JsonFiles.readLayers(file).getFirst().paths().getFirst().options();

    assertEquals(
        new PathOptions(new Rewrite("x", "y"), List.of(Perm.of("r").withMode("0644"))), options);
  }

  @Test
  void writesAsTheReferenceDoes() {
    Layer layer =
        Layer.builder()
            .digest(ONE)
            .size(7)
            .diffId(TWO)
            .paths(List.of(new LayerPath("/a&b", new PathOptions(Rewrite.NONE, null))))
            .mediaType("type")
            .history(new History(null, "me", "", "", true))
            .build();

    assertEquals(
        """
        [
        \t{
        \t\t"digest": "%s",
        \t\t"size": 7,
        \t\t"diff_ids": "%s",
        \t\t"paths": [
        \t\t\t{
        \t\t\t\t"path": "/a\\u0026b",
        \t\t\t\t"options": {
        \t\t\t\t\t"rewrite": {
        \t\t\t\t\t\t"regex": "",
        \t\t\t\t\t\t"repl": ""
        \t\t\t\t\t}
        \t\t\t\t}
        \t\t\t}
        \t\t],
        \t\t"mediatype": "type",
        \t\t"History": {
        \t\t\t"created_by": "me",
        \t\t\t"empty_layer": true
        \t\t}
        \t}
        ]\
        """
            .formatted(ONE, TWO),
        JsonFiles.toJson(List.of(layer)));
    assertEquals("null", JsonFiles.toJson(List.of()));
  }

  @Test
  void readsKeysInAnyCaseAndNullsAsNothing() throws IOException {
    Path file =
        Files.writeString(
            temporary.resolve("layers.json"),
            """
            [{"DIGEST": "%s", "Size": 3, "Diff_IDs": null, "paths": [null, {"PATH": "/a",
              "OPTIONS": null}], "MediaType": "m", "HISTORY": {"Created_By": "x", "y": 1}}]
            """
                .formatted(ONE));

    assertEquals(
        List.of(
            Layer.builder()
                .digest(ONE)
                .size(3)
                .paths(List.of(new LayerPath("", null), new LayerPath("/a", null)))
                .mediaType("m")
                .history(History.createdBy("x"))
                .build()),
        JsonFiles.readLayers(file));
    assertEquals(List.of(), JsonFiles.readLayers(Files.writeString(file, "null")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[[]]",
        "[{\"digest\":\"sha256:12\"}]",
        "[{\"diff_ids\":\"x\"}]",
        "[{\"size\":\"1\"}]",
        "[{\"size\":1.5}]",
        "[{\"paths\":{}}]",
        "[{\"paths\":[\"/a\"]}]",
        "[{\"paths\":[{\"options\":[]}]}]",
        "[{\"history\":[]}]"
      })
  void refusesOtherJsonByTheNameOfTheFile(String text) throws IOException {
    Path file = Files.writeString(temporary.resolve("layers.json"), text);

    Failures.assertFails(() -> JsonFiles.readLayers(file), file.toString());
  }

  @Test
  void namesABadTimeInAHistory() throws IOException {
    Path file = Files.writeString(temporary.resolve("h.json"), "{\"created\": \"a\\nb\"}");

    Failures.assertFails(() -> JsonFiles.readHistory(file), "'a\\x0Ab'", "RFC 3339");
  }
}
