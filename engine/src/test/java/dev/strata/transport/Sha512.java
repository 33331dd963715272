package dev.strata.transport;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.FileBlob;
import dev.strata.blob.MediaTypes;
import dev.strata.image.ImageBlobs;
import dev.strata.oci.Manifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Images whose blobs are all named by SHA-512. */
public final class Sha512 {
  private Sha512() {}

  /** The digest of some bytes. */
  public static Digest digest(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-512").digest(bytes);
      return Digest.parse("sha512:" + HexFormat.of().formatHex(hash));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** A blob in a file of a folder. */
  static Blob blob(Path folder, String mediaType, byte[] bytes) throws IOException {
    Digest digest = digest(bytes);
    Path file = Files.write(folder.resolve(digest.hex()), bytes);
    return new FileBlob(file, new Descriptor(mediaType, digest, bytes.length));
  }

  /** An image of one layer. */
  public static ImageBlobs image(Path folder) throws IOException {
    Blob layer = blob(folder, MediaTypes.LAYER, "layer".getBytes(StandardCharsets.UTF_8));
    String config =
        "{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" + layer.descriptor().digest() + "\"]}}";
    Blob configBlob = blob(folder, MediaTypes.CONFIG, config.getBytes(StandardCharsets.UTF_8));
    Manifest manifest =
        new Manifest(
            MediaTypes.MANIFEST,
            configBlob.descriptor(),
            List.of(layer.descriptor()),
            List.of(),
            Map.of());
    Blob manifestBlob = blob(folder, MediaTypes.MANIFEST, Manifest.bytes(manifest.toBlob()));
    return ImageBlobs.of(List.of(layer), configBlob, manifestBlob);
  }
}
