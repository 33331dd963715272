package dev.strata.guest;

import dev.strata.blob.Blob;
import dev.strata.blob.NullChannel;
import dev.strata.compress.CompressCache;
import dev.strata.compress.Compression;
import dev.strata.compress.Compressor;
import dev.strata.image.CompressedLayers;
import dev.strata.image.Image;
import dev.strata.image.ImageBlobs;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBuilder;
import dev.strata.layering.LayerPath;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Platform;
import dev.strata.oci.Timestamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a plug-in does with the engine: builds an image and streams its blobs. */
public final class Embedded {
  private Embedded() {}

  /**
   * Builds an image of a folder.
   *
   * @param folder the folder, which also receives the description of the image
   * @param compressions the names of the compressions to use
   */
  public static void run(Path folder, String... compressions) throws IOException {
    List<LayerPath> paths = List.of(new LayerPath(folder.toString(), null));
    List<Layer> layers = LayerBuilder.create().withJobs(2).build(List.of(paths));
    Image image =
        Image.assemble(
            ImageConfig.EMPTY, null, layers, Platform.localArchitecture(), Timestamp.ZERO);
    Path description = Files.writeString(folder.resolve("image.json"), image.toJson());
    try {
      Image read = Image.read(description);
      Files.delete(description);
      for (String name : compressions) {
        Compression compression = Compression.parse(name);
        Compressor compressor =
            Compressor.of(compression, compression.defaultLevel(), 2, CompressCache.NONE);
        ImageBlobs blobs = CompressedLayers.of(ImageBlobs.of(read, 2), compressor);
        for (Blob blob : blobs.layers()) {
          blob.writeTo(new NullChannel());
        }
        blobs.manifest().writeTo(new NullChannel());
      }
    } finally {
      Files.deleteIfExists(description);
    }
  }

  /** Does the same in a process of its own; prints the class and message of a failure. */
  public static void main(String[] args) throws IOException {
    try {
      run(Path.of(args[0]), args[1]);
      System.out.println("done");
    } catch (RuntimeException | Error e) {
      System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }
}
