package dev.strata.cli.move;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.cli.command.Context;
import dev.strata.cli.options.ImageSbom;
import dev.strata.explain.sbom.SbomFormat;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.image.IndexBlobs;
import dev.strata.image.SbomType;
import dev.strata.oci.Platform;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.ImageLocation;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes bills of materials of the images that a copy has read.
 *
 * @param context the environment of the command
 * @param closureGraph the file with the references between the store paths; empty to query Nix
 * @param jobs the number of layers to read at once
 * @param from where the images are
 * @param to where they are copied, which names them
 */
record GeneratedSboms(
    Context context, String closureGraph, int jobs, ImageLocation from, ImageLocation to) {
  /** An image, and its platform in an index. */
  record Read(ImageBlobs image, @Nullable Platform platform) {}

  /** Returns the images of a source by the digests of their configurations, which a copy keeps. */
  static Map<String, Read> images(CopySource source) {
    Map<String, Read> images = new LinkedHashMap<>();
    add(images, source, null);
    return images;
  }

  private static void add(
      Map<String, Read> images, CopySource source, @Nullable Platform platform) {
    if (source instanceof CopySource.Several several) {
      for (IndexBlobs.Member member : several.index().members()) {
        CopySource content = member.content();
        if (content != null) {
          add(images, content, member.platform());
        }
      }
      return;
    }
    ImageBlobs image = ((CopySource.Single) source).image();
    if (image.isImage()) {
      images.putIfAbsent(image.config().descriptor().digest().value(), new Read(image, platform));
    }
  }

  /** Makes the bill of materials of an image. */
  Blob of(Read read, SbomType type) throws InterruptedException {
    PlatformChoice choice =
        read.platform() == null ? PlatformChoice.local() : PlatformChoice.one(read.platform());
    byte[] document =
        new ImageSbom(context, closureGraph, jobs)
            .of(
                read.image(),
                from,
                choice,
                to instanceof ImageLocation.Registry registry ? registry.reference() : null)
            .in(type == SbomType.SPDX ? SbomFormat.SPDX : SbomFormat.CYCLONEDX);
    return new BytesBlob(type.mediaType(), document);
  }
}
