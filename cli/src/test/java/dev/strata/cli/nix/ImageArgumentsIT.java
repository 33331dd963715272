package dev.strata.cli.nix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each argument of buildImage does what the reference page says. */
class ImageArgumentsIT {
  private final Nix nix = Nix.require();

  @Test
  void theFunctionsOfTheReferenceAreThere() {
    assertEquals(
        "[\"buildImage\",\"buildLayer\",\"pullImage\",\"pullImageFromManifest\"]",
        nix.evaluate("functions").out().strip());
  }

  @Test
  void nameIsInLowerCaseAndTheLastPartNamesTheStorePath() {
    assertEquals("registry.example/team/app", nix.text("image.name.imageName"));
    assertTrue(nix.buildOne("image.name").toString().endsWith("-image-App.json"));
  }

  @Test
  void tagIsTheGivenOneOrTheHashOfTheResult() {
    assertEquals("v7", nix.text("image.tag.imageTag"));
    assertEquals("case:v7", nix.text("image.tag.imageRefUnsafe"));
    String path = nix.buildOne("image.plain").getFileName().toString();
    assertEquals(path.substring(0, path.indexOf('-')), nix.text("image.plain.imageTag"));
  }

  @Test
  void configIsTheImagesConfiguration(@TempDir Path folder) {
    Unpacked image = Unpacked.of(nix, "image.config", folder.resolve("image"));
    assertEquals("someone [\"A=b\"]", image.config("\"\\(.config.User) \\(.config.Env)\""));
  }

  @Test
  void createdAndArchAreInTheConfiguration(@TempDir Path folder) {
    Unpacked dated = Unpacked.of(nix, "image.created", folder.resolve("created"));
    assertEquals("2025-02-03T04:05:06Z", dated.config(".created"));
    Unpacked other = Unpacked.of(nix, "image.arch", folder.resolve("arch"));
    assertEquals("riscv64", other.config(".architecture"));
    Unpacked plain = Unpacked.of(nix, "image.plain", folder.resolve("plain"));
    assertEquals("0001-01-01T00:00:00Z", plain.config(".created"));
  }

  @Test
  void metaIsTheMetaOfTheResult() {
    assertEquals("A case.", nix.text("image.meta.meta.description"));
  }

  @Test
  void copyToRootTakesOnePathOrSeveral(@TempDir Path folder) {
    String one = Unpacked.of(nix, "image.copyToRoot", folder.resolve("one")).listing();
    assertTrue(one.contains(" /etc/motd\n"), one);
    String two = Unpacked.of(nix, "image.copyToRootList", folder.resolve("two")).listing();
    assertTrue(two.contains(" /etc/motd\n") && two.contains(" /data/one\n"), two);
  }

  @Test
  void contentsIsCopyToRootWithAWarning() {
    assertEquals(
        Nix.jq(nix.buildOne("image.copyToRoot"), ".layers[].digest"),
        Nix.jq(nix.buildOne("image.contents"), ".layers[].digest"));
    String said = nix.evaluate("image.contents.imageName").err();
    assertTrue(said.contains("The argument contents is deprecated"), said);
    said = nix.evaluate("image.copyToRoot.imageName").err();
    assertFalse(said.contains("deprecated"), said);
  }

  @Test
  void contentsAndCopyToRootTogetherAreAnError() {
    String said = nix.failure("image.both");
    assertTrue(said.contains("copyToRoot and contents are mutually exclusive"), said);
  }

  @Test
  void permsChangeModesAndOwnersOfWhatMatches(@TempDir Path folder) {
    Unpacked image = Unpacked.of(nix, "image.perms", folder.resolve("image"));
    assertTrue(image.has("-rw-r----- 7/8", "/data/one"), image::listing);
    assertTrue(image.has("-r--r--r-- 0/0", "/data/two"), image::listing);
    String names = String.join("", image.listings());
    assertTrue(names.contains("-rw-r----- seven/eight"), names);
  }

  @Test
  void maxLayersSplitsTheImage() {
    assertEquals("1", Nix.jq(nix.buildOne("image.plain"), ".layers | length"));
    assertEquals("3", Nix.jq(nix.buildOne("image.maxLayers"), ".layers | length"));
  }

  @Test
  void layeringBySizeGroupsPathsByTheLargestOnes() {
    String paths =
        Nix.jq(nix.buildOne("image.layering"), ".layers | map(.paths | map(.path[44:]) | sort)");
    assertEquals("[[\"glibc\"],[\"bash\",\"hello\",\"readline\"]]", paths);
  }

  @Test
  void layersComeFirstAndTheirPathsAreNotRepeated() {
    Path image = nix.buildOne("image.layers");
    assertEquals("2", Nix.jq(image, ".layers | length"));
    String paths = Nix.jq(image, ".layers | map(.paths | map(.path[44:]) | sort)");
    assertEquals("[[\"bash\",\"glibc\",\"readline\"],[\"hello\"]]", paths);
  }

  @Test
  void fromImageBringsItsLayers() {
    Path image = nix.buildOne("image.fromImage");
    assertEquals(
        Nix.jq(nix.buildOne("image.copyToRoot"), ".layers[0].digest"),
        Nix.jq(image, ".layers[0].digest"));
    assertEquals("2", Nix.jq(image, ".layers | length"));
    assertEquals("", nix.text("image.plain.fromImage"));
    assertTrue(nix.text("image.fromImage.fromImage").endsWith("image-case.json"));
  }

  @Test
  void ensureDirsMakesDirectoriesOfAModeAndOwner(@TempDir Path folder) {
    Unpacked image = Unpacked.of(nix, "image.ensureDirs", folder.resolve("image"));
    assertTrue(image.has("drwxrwxrwt 0/0", "/tmp"), image::listing);
    assertTrue(image.has("drwx------ 7/8", "/home/a.b"), image::listing);
    assertTrue(image.has("drwxr-xr-x 0/0", "/home"), image::listing);
    assertTrue(image.has("drwxr-xr-x 0/0", "/srv"), image::listing);
    assertTrue(String.join("", image.listings()).contains("drwx------ seven/eight"));
  }

  @Test
  void withoutStorePathsOnlyTheFilesAtTheRootAreThere(@TempDir Path folder) {
    Unpacked image = Unpacked.of(nix, "image.includeStorePaths", folder.resolve("image"));
    assertTrue(image.listing().contains(" /bin -> /nix/store/"), image::listing);
    assertFalse(
        image.listing().lines().anyMatch(l -> l.matches(".*:.. /nix(/.*)?")), image::listing);
    Unpacked files = Unpacked.of(nix, "image.filesWithoutStorePaths", folder.resolve("files"));
    assertTrue(files.listing().contains(" /mistakes.nix\n"), files::listing);
    String said = nix.failure("image.databaseWithoutPaths");
    assertTrue(said.contains("are mutually exclusive"), said);
  }

  @Test
  void excludesLeaveOutPartsOfStorePaths(@TempDir Path folder) {
    String listing = Unpacked.of(nix, "image.excludes", folder.resolve("image")).listing();
    assertTrue(listing.contains(" /data/two\n"), listing);
    assertFalse(listing.contains(" /data/one\n"), listing);
    for (String kept : new String[] {"/bin/run", "/share/aab/file", "/share/docs/file"}) {
      assertTrue(listing.contains("-docs-1.0++" + kept + "\n"), listing);
    }
    assertFalse(listing.contains("/share/doc/") || listing.contains("/share/a+b"), listing);
    String said = nix.failure("image.excludesElsewhere");
    assertTrue(said.contains("-docs-1.0++': it is not in the closure of this layer"), said);
  }

  @Test
  void fromTarBringsMembersWithTheirOwnersAndModes(@TempDir Path folder) {
    Unpacked image = Unpacked.of(nix, "image.fromTar", folder.resolve("image"));
    assertTrue(image.has("drwx--S--- 7/8", "/srv/secret"), image::listing);
    assertTrue(image.has("-rwx--S--- 7/8", "/srv/secret/file.txt"), image::listing);
    assertTrue(image.listing().contains(" /srv/secret/link -> file.txt"), image::listing);
    assertTrue(String.join("", image.listings()).contains("-rwx--S--- seven/eight"));
    assertTrue(image.has("-rw------- 0/0", "/etc/motd"), image::listing);

    Unpacked two = Unpacked.of(nix, "image.fromTars", folder.resolve("two"));
    assertTrue(two.has("-rw-r----- 0/0", "/opt/file"), two::listing);
    assertTrue(two.has("drwx--S--- 7/8", "/srv/secret"), two::listing);
    assertTrue(two.has("drwxr-xr-x 0/0", "/srv"), two::listing);
    // What a member refers to comes along.
    assertTrue(two.listing().contains("-hello/bin/hello\n"), two::listing);
    // Each tar lies above what came before, whoever else has its directories.
    List<String> layers = two.listings();
    assertEquals(3, layers.size());
    assertTrue(layers.get(0).contains(" /etc/motd\n"), layers.get(0));
    assertTrue(layers.get(1).contains(" /srv/secret/file.txt\n"), layers.get(1));
    assertTrue(layers.get(2).contains(" /srv/secret/more\n"), layers.get(2));
    assertTrue(layers.get(2).contains(" /etc/motd\n"), layers.get(2));
  }

  @Test
  void layersFileSplitsTheImageAndIsCheckedAgainstTheClosure() {
    Path image = nix.buildOne("image.layersFile");
    String paths = Nix.jq(image, ".layers | map(.paths | map(.path[44:]) | sort)");
    assertEquals("[[\"bash\",\"readline\"],[\"hello\"],[\"glibc\"]]", paths);
    String said = nix.failure("image.layersFileOfAnother");
    assertTrue(said.contains("-jq', which is not in the closure"), said);
    // layersFile replaces maxLayers.
    assertEquals("2", Nix.jq(nix.buildOne("image.layersFileAndMaxLayers"), ".layers | length"));
  }

  @Test
  void compressorIsForAllLayersTheImageMakes() {
    Path image = nix.buildOne("image.compressor");
    assertEquals("3", Nix.jq(image, ".layers | length"));
    assertEquals(
        "[\"application/vnd.oci.image.layer.v1.tar+zstd\"]",
        Nix.jq(image, ".layers | map(.mediatype) | unique"));
    String said = nix.failure("image.compressorUnknown");
    assertTrue(said.contains("pigeon"), said);
    said = nix.failure("image.compressionLevelTooHigh");
    assertTrue(said.contains("99"), said);
  }

  @Test
  void theWitnessOfTheImageIsInAnOutputOfItsOwn() {
    Path image = nix.buildOne("image.witness");
    Path witness = Path.of(Nix.jq(image, ".layers[-1].witness"));
    assertEquals("witness", witness.getFileName().toString());
    assertTrue(Files.exists(witness), witness::toString);
  }
}
