package dev.strata.transport.folder;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.MediaTypes;
import dev.strata.image.Artifact;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.oci.Manifest;
import dev.strata.transport.Transfer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes images and their referrers into a layout, while others do the same. */
final class LayoutWriter {
  static final int IMAGES = 8;

  private LayoutWriter() {}

  /** Runs as a process of its own: the folder and the name of the writer. */
  public static void main(String... args) {
    write(Path.of(args[0]), args[1]);
  }

  /** Writes images with tags that begin with the name of the writer, and a referrer of each. */
  static void write(Path directory, String writer) {
    for (int i = 0; i < IMAGES; i++) {
      String tag = writer + "-" + i;
      Descriptor image =
          OciLayout.at(directory).withTags(List.of(tag)).write(image(tag), Transfer.quiet(1));
      LayoutReferrers.at(directory)
          .add(
              image.digest(),
              List.of(new CopySource.Single(referrer(tag, image))),
              Transfer.quiet(1));
    }
  }

  static ImageBlobs image(String content) {
    Blob layer = new BytesBlob(MediaTypes.LAYER, content.getBytes(UTF_8));
    Blob config = new BytesBlob(MediaTypes.CONFIG, "{\"os\":\"linux\"}".getBytes(UTF_8));
    Blob manifest =
        new Manifest(
                MediaTypes.MANIFEST,
                config.descriptor(),
                List.of(layer.descriptor()),
                List.of(),
                Map.of())
            .toBlob();
    return ImageBlobs.of(List.of(layer), config, manifest);
  }

  static ImageBlobs referrer(String content, Descriptor subject) {
    Blob file = new BytesBlob("text/plain", content.getBytes(UTF_8));
    return Artifact.of(file, content).referringTo(subject);
  }
}
