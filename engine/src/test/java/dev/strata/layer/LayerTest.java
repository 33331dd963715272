package dev.strata.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.blob.MediaTypes;
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

final class LayerTest {
  @TempDir private Path temporary;

  @Test
  void readsWhatItWrites() throws IOException {
    Perm perm = new Perm("a<b>", "0755", -1, Long.MAX_VALUE, "u", "g");
    List<Layer> layers =
        List.of(
            new Layer(
                "sha256:1",
                Long.MAX_VALUE,
                "sha256:2",
                List.of(
                    new LayerPath("/nix/store/a", null),
                    new LayerPath(
                        "/nix/store/é",
                        new PathOptions(new Rewrite("^x", "$1"), List.of(perm, perm))),
                    new LayerPath("/c", new PathOptions(Rewrite.NONE, null))),
                MediaTypes.LAYER,
                "/tars/1.tar",
                new History(Timestamp.parse("2024-05-13T09:31:10.5+02:00"), "by", "a", "c", true)),
            new Layer("", 0, "", List.of(), "", "", History.EMPTY));
    Path file = Files.writeString(temporary.resolve("layers.json"), Layer.toJson(layers));

    assertEquals(layers, Layer.readFile(file));
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

    PathOptions options = Layer.readFile(file).getFirst().paths().getFirst().options();

    assertEquals(
        new PathOptions(new Rewrite("x", "y"), List.of(new Perm("r", "0644", 0, 0, "", ""))),
        options);
  }

  @Test
  void writesAsTheReferenceDoes() {
    Layer layer =
        new Layer(
            "sha256:1",
            7,
            "sha256:2",
            List.of(new LayerPath("/a&b", new PathOptions(Rewrite.NONE, null))),
            "type",
            "",
            new History(null, "me", "", "", true));

    assertEquals(
        """
        [
        \t{
        \t\t"digest": "sha256:1",
        \t\t"size": 7,
        \t\t"diff_ids": "sha256:2",
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
        """,
        Layer.toJson(List.of(layer)));
    assertEquals("null", Layer.toJson(List.of()));
  }

  @Test
  void readsKeysInAnyCaseAndNullsAsNothing() throws IOException {
    Path file =
        Files.writeString(
            temporary.resolve("layers.json"),
            """
            [{"DIGEST": "d", "Size": 3, "Diff_IDs": null, "paths": [null, {"PATH": "/a",
              "OPTIONS": null}], "MediaType": "m", "HISTORY": {"Created_By": "x", "y": 1}}]
            """);

    assertEquals(
        List.of(
            new Layer(
                "d",
                3,
                "",
                List.of(new LayerPath("", null), new LayerPath("/a", null)),
                "m",
                "",
                new History(null, "x", "", "", false))),
        Layer.readFile(file));
    assertEquals(List.of(), Layer.readFile(Files.writeString(file, "null")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[[]]",
        "[{\"size\":\"1\"}]",
        "[{\"size\":1.5}]",
        "[{\"paths\":{}}]",
        "[{\"paths\":[\"/a\"]}]",
        "[{\"paths\":[{\"options\":[]}]}]",
        "[{\"history\":[]}]"
      })
  void refusesOtherJsonByTheNameOfTheFile(String text) throws IOException {
    Path file = Files.writeString(temporary.resolve("layers.json"), text);

    Failures.assertFails(() -> Layer.readFile(file), file.toString());
  }

  @Test
  void namesABadTimeInAHistory() throws IOException {
    Path file = Files.writeString(temporary.resolve("h.json"), "{\"created\": \"a\\nb\"}");

    Failures.assertFails(() -> History.readFile(file), "'a\\x0Ab'", "RFC 3339");
  }
}
