package dev.strata.image;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.compress.Compression;
import dev.strata.oci.ManifestFormat;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/** A layer whose media type was wrong. Immutable and thread-safe. */
record TypedBlob(Blob layer, Descriptor descriptor) implements Blob {
  /** Returns a layer with the media type of its compression; the layer itself if it has that. */
  static Blob of(Blob layer, Compression compression) {
    Descriptor d = layer.descriptor();
    boolean right = ManifestFormat.OCI.typeOf(d.mediaType()).equals(compression.mediaType());
    return right ? layer : new TypedBlob(layer, d.withMediaType(compression.mediaType()));
  }

  @Override
  public void writeTo(WritableByteChannel target) throws IOException {
    layer.writeTo(target);
  }
}
