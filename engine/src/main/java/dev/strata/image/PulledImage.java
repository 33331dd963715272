package dev.strata.image;

import dev.strata.blob.MediaTypes;
import dev.strata.internal.json.JsonInput;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import dev.strata.layer.Layer;
import dev.strata.oci.History;
import dev.strata.oci.ImageConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Describes an image that was pulled, to be a base for others. Stateless and thread-safe. */
public final class PulledImage {
  private record BlobRef(String mediaType, String digest) {}

  private record Manifest(BlobRef config, List<BlobRef> layers) {}

  private PulledImage() {}

  /**
   * Describes an image in a folder of Skopeo's {@code dir:} transport.
   *
   * @param directory the folder as the layers shall name it; absolute, if the image is used from
   *     elsewhere
   * @return the image
   * @throws StrataException if the folder holds no such image
   */
  public static Image fromDirectory(String directory) {
    return describe(FileNames.path(directory + "/manifest.json"), hex -> directory + "/" + hex);
  }

  /**
   * Describes an image by its manifest and a map from digests, without their algorithm, to files.
   *
   * @param manifest the manifest
   * @param blobs a JSON object with a file for each digest
   * @return the image
   * @throws StrataException if a file is missing or not of the right form
   */
  public static Image fromManifest(Path manifest, Path blobs) {
    Map<String, String> files =
        JsonInput.read(blobs, in -> in.map("file names", Map.of(), v -> v.string("")));
    return describe(
        manifest,
        hex -> {
          String file = files.get(hex);
          if (file == null) {
            throw new StrataException(
                name(blobs) + " names no file for the blob " + FileNames.quote(hex) + ": add it");
          }
          return file;
        });
  }

  private static Image describe(Path manifestFile, Function<String, String> fileOf) {
    Manifest manifest = JsonInput.read(manifestFile, in -> readManifest(in));
    String configFile = fileOf.apply(hex(manifest.config(), manifestFile));
    Path config = FileNames.path(configFile);
    List<String> diffIds = JsonInput.read(config, PulledImage::readDiffIds);
    if (diffIds.size() < manifest.layers().size()) {
      throw new StrataException(
          name(config)
              + " lists "
              + diffIds.size()
              + " diff ids for the "
              + manifest.layers().size()
              + " layers of "
              + name(manifestFile)
              + ": pull the image again");
    }
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < manifest.layers().size(); i++) {
      BlobRef layer = manifest.layers().get(i);
      layers.add(
          new Layer(
              layer.digest(),
              0,
              diffIds.get(i),
              List.of(),
              ociMediaType(layer.mediaType(), manifestFile),
              fileOf.apply(hex(layer, manifestFile)),
              History.EMPTY));
    }
    return new Image(Image.VERSION, ImageConfig.EMPTY, layers, "", null);
  }

  private static String hex(BlobRef ref, Path manifest) {
    int colon = ref.digest().indexOf(':');
    if (colon < 0) {
      throw new StrataException(
          name(manifest)
              + " is not the manifest of one image, it has no digest where one should be: if it is"
              + " an index, pick the manifest of one platform");
    }
    return ref.digest().substring(colon + 1);
  }

  private static String ociMediaType(String mediaType, Path manifest) {
    return switch (mediaType) {
      case "application/vnd.docker.image.rootfs.diff.tar", MediaTypes.LAYER -> MediaTypes.LAYER;
      case "application/vnd.docker.image.rootfs.diff.tar.gzip", MediaTypes.LAYER_GZIP ->
          MediaTypes.LAYER_GZIP;
      case MediaTypes.LAYER_ZSTD -> MediaTypes.LAYER_ZSTD;
      default ->
          throw new StrataException(
              "unsupported media type of a layer in "
                  + name(manifest)
                  + ": "
                  + FileNames.quote(mediaType)
                  + ": use an image whose layers are tar, tar+gzip or tar+zstd");
    };
  }

  private static Manifest readManifest(JsonInput in) {
    class Fields {
      BlobRef config = new BlobRef("", "");
      List<BlobRef> layers = List.of();
    }
    Fields f = new Fields();
    in.object(
        "an image manifest",
        (key, value) -> {
          switch (key) {
            case "config" -> f.config = readRef(value);
            case "layers" -> {
              List<BlobRef> layers = value.list("descriptors", PulledImage::readRef);
              f.layers = layers == null ? List.of() : layers;
            }
            default -> value.skip();
          }
        });
    return new Manifest(f.config, f.layers);
  }

  private static BlobRef readRef(JsonInput in) {
    class Fields {
      String mediaType = "";
      String digest = "";
    }
    Fields f = new Fields();
    in.object(
        "a descriptor",
        (key, value) -> {
          switch (key) {
            case "mediatype" -> f.mediaType = value.string(f.mediaType);
            case "digest" -> f.digest = value.string(f.digest);
            default -> value.skip();
          }
        });
    return new BlobRef(f.mediaType, f.digest);
  }

  private static List<String> readDiffIds(JsonInput in) {
    List<String> ids = new ArrayList<>();
    in.object(
        "an image configuration",
        (key, value) -> {
          if (key.equals("rootfs")) {
            value.object(
                "the root file system",
                (inner, v) -> {
                  if (inner.equals("diff_ids")) {
                    ids.clear();
                    ids.addAll(v.strings());
                  } else {
                    v.skip();
                  }
                });
          } else {
            value.skip();
          }
        });
    return ids;
  }

  private static String name(Path file) {
    return FileNames.quote(FileNames.decode(FileNames.bytes(file)));
  }
}
