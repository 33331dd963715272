package dev.strata.cli.look;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.MediaTypes;
import dev.strata.blob.PendingBlob;
import dev.strata.compress.CompressedBlob;
import dev.strata.compress.Compressor;
import dev.strata.layer.RegistryLayer;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The compressed sizes of layers: of compressed ones as they are, of others as they would be
 * pushed, if that is known from an earlier push.
 *
 * @param sizes determines compressed sizes
 * @param compress whether to compress layers whose compressed size is unknown
 */
record CompressedSizes(Compressor sizes, boolean compress) {
  /** Returns whether a layer is stored without compression. */
  static boolean isPlain(Blob blob) {
    String type = PendingBlob.mediaTypeOf(blob);
    return type.equals(MediaTypes.LAYER) || type.endsWith(".diff.tar");
  }

  /** Returns the compressed size in bytes; empty if it is unknown. */
  OptionalLong of(Blob blob) {
    if (!isPlain(blob)) {
      return OptionalLong.of(blob.descriptor().size());
    }
    if (sizes.compress(blob) instanceof CompressedBlob c) {
      Optional<Descriptor> known =
          compress && !(blob instanceof RegistryLayer) ? Optional.of(c.descriptor()) : c.known();
      return known.stream().mapToLong(Descriptor::size).findFirst();
    }
    return OptionalLong.empty();
  }
}
