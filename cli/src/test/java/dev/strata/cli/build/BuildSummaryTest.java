package dev.strata.cli.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Digest;
import dev.strata.cli.command.ImageBuild;
import dev.strata.image.Image;
import dev.strata.layer.Layer;
import dev.strata.layering.LayerPath;
import dev.strata.oci.ImageConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BuildSummaryTest {
  private static Layer layer(int number, String... paths) {
    Digest digest = Digest.parse("sha256:" + String.format("%02d", number).repeat(32));
    List<LayerPath> all = new ArrayList<>();
    for (String path : paths) {
      all.add(new LayerPath(path, null));
    }
    return Layer.builder().digest(digest).size(number * 1000L).diffId(digest).paths(all).build();
  }

  private static String table(List<Layer> layers) {
    Image image = new Image(1, ImageConfig.EMPTY, layers, "amd64", null);
    StringWriter text = new StringWriter();
    ImageBuild.Result result = new ImageBuild.Result(image, 0, 12, 3456, 1_000_000_000);
    new BuildSummary("image.json", Map.of("", result)).printTable(new PrintWriter(text));
    return text.toString();
  }

  @Test
  void showsALayerWithItsNumberDigestSizeAndPaths() {
    String hash = "0123456789abcdfghijklmnpqrsvwxyz";
    String table = table(List.of(layer(7, "/nix/store/" + hash + "-hello-2.12", "/a", "/b")));

    List<String> lines = table.lines().toList();
    assertEquals("  LAYER  DIGEST           SIZE  PATHS  CONTENTS", lines.get(0));
    assertEquals("      0  070707070707  7.00 kB      3  hello-2.12 and 2 more", lines.get(1));
    assertEquals("", lines.get(2));
    assertEquals("image.json: 1 layer, 3 paths, 12 entries, 3.46 kB", lines.get(3));
    assertTrue(lines.get(4).startsWith("built in 1.00 s (3.46 kB/s), image id "), table);
    assertEquals(5, lines.size());
  }

  @Test
  void showsTheLargestLayersInOrder() {
    List<Layer> layers = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      layers.add(layer(i, "/p" + i));
    }
    List<String> lines = table(layers).lines().toList();

    assertEquals(1 + 12 + 1 + 1 + 2, lines.size());
    assertTrue(lines.get(1).contains("/p9".substring(1)), lines.get(1));
    assertTrue(lines.get(12).endsWith("p20"), lines.get(12));
    assertEquals("  and 8 smaller layers", lines.get(13));
  }

  @Test
  void showsAnImageWithoutLayers() {
    assertTrue(table(List.of()).contains("0 layers, 0 paths"));
  }
}
