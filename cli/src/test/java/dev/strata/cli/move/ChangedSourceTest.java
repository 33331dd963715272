package dev.strata.cli.move;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.CommandLineRun;
import dev.strata.cli.Outcome;
import dev.strata.cli.SampleFolders;
import dev.strata.image.Image;
import dev.strata.layer.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that change after the build: an old or a broken image must not leave the machine. */
final class ChangedSourceTest {
  @TempDir private Path directory = Path.of("");
  private SampleFolders sample = new SampleFolders(directory);
  private String image = "";
  private String layout = "";

  @BeforeEach
  void build() throws IOException {
    sample = new SampleFolders(directory);
    sample.file("site/f", "old");
    sample.file("site/sub/g", "same");
    sample.file("site/sub/h", "same");
    image = sample.path("image.json");
    layout = "oci:" + sample.path("layout");
    strata("build", "-q", "--copy-to-root", sample.path("site"), "-o", image).succeeds();
    strata("copy", "-q", image, layout + ":1").succeeds();
  }

  private void isRefused(String... texts) {
    String[] all = new String[texts.length + 2];
    all[0] = "source changed since the build";
    all[1] = "build the image again";
    System.arraycopy(texts, 0, all, 2, texts.length);
    strata("copy", "-q", image, layout + ":2").fails(all);
    strata("tar", image).fails(all);
    strata("serve", image).fails(all);
    assertEquals(0, strata("tar", image).bytes().length);
  }

  @Test
  void aChangedFileIsNamedAlthoughTheDestinationHasTheOldLayer() throws IOException {
    sample.file("site/f", "new");
    isRefused("'" + sample.path("site/f") + "'");
    assertFalse(strata("copy", "-q", image, layout + ":2").err().contains("site/sub"));
  }

  @Test
  void aChangeThatKeepsSizeAndTimeIsNoticed() throws IOException {
    Path file = directory.resolve("site/f");
    FileTime time = Files.getLastModifiedTime(file);
    Files.writeString(file, "new");
    Files.setLastModifiedTime(file, time);
    isRefused("'" + file + "'");
  }

  @Test
  void aReplacedFileIsNoticed() throws IOException {
    sample.file("f", "new");
    Files.move(
        directory.resolve("f"),
        directory.resolve("site/f"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    isRefused();
  }

  @Test
  void anAddedFileIsNamed() throws IOException {
    sample.file("site/sub/more", "");
    isRefused("'" + sample.path("site/sub/more") + "'");
  }

  @Test
  void theFolderOfARemovedFileIsNamed() throws IOException {
    Files.delete(directory.resolve("site/sub/g"));
    isRefused("'" + sample.path("site/sub") + "'");
  }

  @Test
  void aChangedModeIsNoticed() throws IOException {
    Files.setAttribute(directory.resolve("site/sub/g"), "unix:mode", 0700);
    isRefused("'" + sample.path("site/sub/g") + "'");
  }

  @Test
  void aRetargetedLinkIsNoticed() throws IOException {
    Path link = directory.resolve("site/sub/link");
    Files.createSymbolicLink(link, Path.of("g"));
    strata("build", "-q", "--copy-to-root", sample.path("site"), "-o", image).succeeds();
    strata("copy", "-q", image, layout + ":1").succeeds();
    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("h"));
    isRefused("'" + sample.path("site/sub") + "'");
  }

  @Test
  void aRemovedFolderIsNamed() throws IOException {
    Files.move(directory.resolve("site"), directory.resolve("elsewhere"));
    isRefused("'" + sample.path("site") + "'");
  }

  @Test
  void filesThatAreWrittenAgainWithTheSameContentAreNotChanged() throws IOException {
    sample.file("site/f", "old");
    Files.delete(directory.resolve("site/sub/g"));
    sample.file("site/sub/g", "same");

    strata("copy", "-q", image, layout + ":2").succeeds();
    strata("tar", image).succeeds();
  }

  @Test
  void severalFilesAreNamedUpToThree() throws IOException {
    for (int i = 0; i < 5; i++) {
      sample.file("site/n" + i, "");
    }
    isRefused(sample.path("site/n0"), "and 2 more");
  }

  @Test
  void pathsInANixStoreAreNotLookedAt() throws IOException {
    String name = "0123456789abcdfghijklmnpqrsvwxyz-app";
    String app = directory.resolve("store/" + name).toString();
    sample.file("store/" + name + "/f", "old");
    String graph = sample.file("graph.json", "[{\"path\": \"" + app + "\", \"references\": []}]");
    Outcome outcome =
        new CommandLineRun()
            .with("NIX_STORE_DIR", directory.resolve("store").toString())
            .run("build", "-q", "--closure-graph", graph, "-o", image);
    outcome.succeeds();

    for (Layer layer : Image.read(Path.of(image)).layers()) {
      assertTrue(layer.stamps().isEmpty());
    }
    assertFalse(sample.read("image.json").contains("sources"));
  }
}
