package dev.strata.cli.nix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Each argument of buildLayer does what the reference page says. */
class LayerArgumentsIT {
  private static final String NAMES = "map(.paths | map(.path[44:]) | sort)";

  private final Nix nix = Nix.require();

  private String layer(String name, String filter) {
    return Nix.jq(nix.buildOne("layer." + name).resolve("layers.json"), filter);
  }

  @Test
  void depsBringAllTheyReferTo() {
    assertEquals("[[\"bash\",\"glibc\",\"hello\",\"readline\"]]", layer("deps", NAMES));
  }

  @Test
  void copyToRootIsMovedToTheRoot() {
    assertEquals("", layer("copyToRoot", ".[].paths[].options.rewrite.repl"));
    assertTrue(
        layer("copyToRoot", ".[].paths[].options.rewrite.regex").matches("\\^/nix/store/.*-motd"));
  }

  @Test
  void ignoredPathsAreLeftOut() {
    assertEquals("[[\"bash\",\"glibc\",\"readline\"]]", layer("ignore", NAMES));
    assertEquals("null", layer("ignoreFile", "."));
  }

  @Test
  void anIgnoredPathThatAnotherRefersToIsAnError() {
    String said = nix.failure("layer.ignoreReferenced");
    assertTrue(
        said.matches("(?s).*cannot leave out '[^']*-bash': '[^']*-hello' refers to.*"), said);
  }

  @Test
  void pathsOfTheLayersBelowAreNotRepeated() {
    assertEquals("[[\"hello\"]]", layer("layers", NAMES));
  }

  @Test
  void aLayerThatIsNotReproducibleKeepsItsTar() {
    Path tar = Path.of(layer("nonReproducible", ".[].\"layer-path\""));
    assertEquals(nix.buildOne("layer.nonReproducible"), tar.getParent());
    assertTrue(Files.exists(tar));
    assertEquals("null", layer("deps", ".[].\"layer-path\""));
  }

  @Test
  void permsAreThoseOfThePath() {
    assertEquals("0640", layer("perms", ".[].paths[].options.perms[].mode"));
  }

  @Test
  void maxLayersSplitsTheLayer() {
    assertEquals("2", layer("maxLayers", "length"));
    assertEquals("1", layer("deps", "length"));
  }

  @Test
  void layeringBySizeGroupsPathsByTheLargestOnes() {
    assertEquals("[[\"glibc\"],[\"bash\",\"readline\"],[\"hello\"]]", layer("layering", NAMES));
  }

  @Test
  void contentsIsCopyToRoot() {
    assertEquals(layer("copyToRoot", ".[].digest"), layer("contents", ".[].digest"));
    String said = nix.failure("layer.both");
    assertTrue(said.contains("copyToRoot and contents are mutually exclusive"), said);
  }

  @Test
  void metadataIsTheHistoryOfTheLayer() {
    assertEquals(
        "cases.nix A. Uthor Tested.",
        layer("metadata", ".[].History | \"\\(.created_by) \\(.author) \\(.comment)\""));
    assertEquals("nix2container", layer("deps", ".[].History.created_by"));
    assertEquals("null", layer("noMetadata", ".[].History.created_by"));
  }

  @Test
  void withoutStorePathsTheLayerHasWhatComesToTheRootAlone() {
    assertEquals("[[\"link\"]]", layer("includeStorePaths", NAMES));
  }

  @Test
  void excludesAreARewriteToNothing() {
    assertEquals("", layer("excludes", ".[].paths[].options.rewrite.repl"));
    assertTrue(layer("excludes", ".[].paths[].options.rewrite.regex").endsWith("/(share)(/.*)?$"));
  }

  @Test
  void fromTarMakesALayerOfAPathAtTheRootWithRulesForIt() {
    assertEquals(
        "[[\"bash\",\"glibc\",\"hello\",\"readline\"],[\"unpacked\"]]", layer("fromTar", NAMES));
    String rules = ".[1].paths[].options.perms | \"\\(length) \\(.[1] | .uname) \\(.[0] | .uid)\"";
    assertEquals("4 seven 0", layer("fromTar", rules));
  }

  @Test
  void layersFileSplitsTheLayer() {
    assertEquals("[[\"hello\"],[\"bash\"],[\"glibc\",\"readline\"]]", layer("layersFile", NAMES));
  }

  @Test
  void compressorKeepsTheLayerCompressed() {
    assertEquals(
        "application/vnd.oci.image.layer.v1.tar+gzip", layer("compressor", ".[].mediatype"));
    assertEquals(layer("uncompressed", ".[].digest"), layer("compressor", ".[].diff_ids"));
    Path blob = Path.of(layer("compressor", ".[].\"layer-path\""));
    assertEquals(nix.buildOne("layer.compressor"), blob.getParent());
    assertEquals("sha256:" + Nix.sha256(blob), layer("compressor", ".[].digest"));
  }

  @Test
  void aChunkedLayerSaysWhereItsTableOfContentsIs() {
    assertEquals(
        "application/vnd.oci.image.layer.v1.tar+zstd", layer("compressorChunked", ".[].mediatype"));
    assertEquals(layer("uncompressed", ".[].digest"), layer("compressorChunked", ".[].diff_ids"));
    assertEquals("3", layer("compressorChunked", ".[].annotations | length"));
  }

  @Test
  void theWitnessIsInTheResult() throws IOException {
    Path witness = Path.of(layer("witness", ".[].witness"));
    assertEquals(nix.buildOne("layer.witness"), witness.getParent());
    String text = Files.readString(witness, StandardCharsets.ISO_8859_1);
    assertTrue(text.startsWith("strata witness 1\n" + layer("witness", ".[].diff_ids")), text);
    assertEquals("null", layer("uncompressed", ".[].witness"));
    assertEquals(layer("uncompressed", ".[].digest"), layer("witness", ".[].digest"));
  }

  @Test
  void compressionLevelSaysHowHard() {
    long quick = Long.parseLong(layer("compressionLevel", ".[].size"));
    long usual = Long.parseLong(layer("compressor", ".[].size"));
    assertTrue(quick > usual, () -> quick + " bytes at level 1, " + usual + " without a level");
  }
}
