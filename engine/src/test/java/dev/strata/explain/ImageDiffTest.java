package dev.strata.explain;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.image.ImageBlobs;
import dev.strata.io.CorruptDataException;
import dev.strata.testing.Packed;
import dev.strata.transport.Transfer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ImageDiffTest {
  private static final byte[] SHARED = Packed.layer("a", "1");
  private static final byte[] OTHER = Packed.layer("b", "2");

  private static Blob gzip(byte[] layer) {
    return new BytesBlob(MediaTypes.LAYER + "+gzip", Packed.gzip(layer));
  }

  private static Blob zstd(byte[] layer) {
    return new BytesBlob(MediaTypes.LAYER + "+zstd", Packed.zstd(layer));
  }

  private static ImageBlobs image(List<Blob> layers, byte[]... contents) {
    List<String> ids = new ArrayList<>();
    for (byte[] content : contents) {
      ids.add("\"" + Digest.of(content) + "\"");
    }
    String config = "{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":" + ids + "}}";
    return ImageBlobs.of(layers, new BytesBlob(MediaTypes.CONFIG, config.getBytes(UTF_8)));
  }

  private static List<FilesDiff.Change> changes(ImageBlobs before, ImageBlobs after) {
    List<FilesDiff.Change> found = new ArrayList<>();
    ImageDiff.files(before, after, false, Transfer.quiet(1)).orElseThrow().forEach(found::add);
    return found;
  }

  @Test
  void layersWithTheSameDiffIdAreTheSameHoweverTheyAreCompressed() {
    ImageBlobs before = image(List.of(gzip(SHARED)), SHARED);
    ImageBlobs after = image(List.of(zstd(SHARED), gzip(OTHER)), SHARED, OTHER);
    LayersDiff layers = ImageDiff.of(before, after).layers();
    assertEquals(List.of(0), layers.shared().stream().map(LayersDiff.Layer::number).toList());
    assertEquals(List.of(1), layers.added().stream().map(LayersDiff.Layer::number).toList());
    assertEquals(List.of(), layers.removed());
    assertEquals(2, layers.downloaded().size());
    List<FilesDiff.Change> found = changes(before, after);
    assertEquals(1, found.size());
    assertEquals("/b", found.getFirst().path());
  }

  @Test
  void anEmptyDifferenceIsOne() {
    ImageBlobs image = image(List.of(gzip(SHARED), gzip(OTHER)), SHARED, OTHER);
    assertTrue(ImageDiff.of(image, image).isEmpty());
    ImageBlobs turned = image(List.of(gzip(OTHER), gzip(SHARED)), OTHER, SHARED);
    LayersDiff layers = ImageDiff.of(image, turned).layers();
    assertTrue(layers.reordered());
    assertEquals(List.of(), layers.downloaded());
  }

  @Test
  void aLayerThatIsReadMustHaveItsDiffId() {
    ImageBlobs honest = image(List.of(gzip(SHARED)), SHARED);
    for (Blob stored : List.of(gzip(OTHER), zstd(OTHER), new BytesBlob(MediaTypes.LAYER, OTHER))) {
      ImageBlobs liar = image(List.of(stored, gzip(OTHER)), SHARED, OTHER);
      CorruptDataException e =
          assertThrows(CorruptDataException.class, () -> changes(honest, liar));
      String message = String.valueOf(e.getMessage());
      assertTrue(message.contains("diff id"), message);
      assertTrue(message.contains(Digest.of(SHARED).value()), message);
    }
  }
}
