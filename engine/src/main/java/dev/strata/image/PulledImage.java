package dev.strata.image;

import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.internal.json.JsonInput;
import dev.strata.internal.json.JsonOutput;
import dev.strata.io.FileNames;
import dev.strata.io.InputFile;
import dev.strata.io.InvalidInputException;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerSource;
import dev.strata.oci.DiffIds;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Manifest;
import dev.strata.oci.ManifestFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Describes an image that was pulled, so that others can be based on it. Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class PulledImage {
  private static final int MAX_CONFIG = 4 << 20;

  private PulledImage() {}

  /**
   * Describes an image in a folder of Skopeo's {@code dir:} transport, without how containers run.
   *
   * @param directory as for {@link #fromDirectory(String, boolean, LayerSource)}
   * @return the image
   * @throws dev.strata.io.NotFoundException if a file is missing
   * @throws InvalidInputException if a file is malformed
   */
  public static Image fromDirectory(String directory) {
    return fromDirectory(directory, false, null);
  }

  /**
   * Describes an image in a folder of Skopeo's {@code dir:} transport. If the layers lie in a
   * registry, the folder needs to contain only the manifest and the configuration.
   *
   * @param directory the folder as it is recorded in the layers, a name for {@link
   *     FileNames#path(String)}; absolute, if the image is used from elsewhere
   * @param withSettings whether to describe how containers run, too
   * @param layers the repository with the layers; null if they are in the folder
   * @return the image
   * @throws dev.strata.io.NotFoundException if a file is missing
   * @throws InvalidInputException if a file is malformed
   */
  public static Image fromDirectory(
      String directory, boolean withSettings, @Nullable LayerSource layers) {
    Path manifest = FileNames.path(directory + "/manifest.json");
    InputFile.checkRegular(manifest);
    return describe(manifest, hex -> directory + "/" + hex, withSettings, layers);
  }

  /**
   * Describes an image by its manifest and the files of its blobs, without how containers run.
   *
   * @param manifest the manifest
   * @param blobs as for {@link #fromManifest(Path, Path, boolean, LayerSource)}
   * @return the image
   * @throws dev.strata.io.NotFoundException if a file is missing
   * @throws InvalidInputException if a file is malformed, or does not list a blob
   */
  public static Image fromManifest(Path manifest, Path blobs) {
    return fromManifest(manifest, blobs, false, null);
  }

  /**
   * Describes an image by its manifest and the files of its blobs.
   *
   * @param manifest the manifest
   * @param blobs a JSON object with a file for each digest, the digests without their algorithm
   * @param withSettings whether to describe how containers run, too
   * @param layers the repository with the layers; null if they are in files that {@code blobs}
   *     lists
   * @return the image
   * @throws dev.strata.io.NotFoundException if a file is missing
   * @throws InvalidInputException if a file is malformed, or does not list a blob
   */
  public static Image fromManifest(
      Path manifest, Path blobs, boolean withSettings, @Nullable LayerSource layers) {
    SortedMap<String, String> files =
        JsonInput.read(
            blobs,
            in -> {
              SortedMap<String, String> read = new TreeMap<>(JsonOutput.KEY_ORDER);
              in.addTo(read, "file names", v -> v.string(""));
              return read;
            });
    return describe(
        manifest,
        hex -> {
          String file = files.get(hex);
          if (file == null) {
            throw new InvalidInputException(
                name(blobs) + " lists no file for the blob " + hex + "; add it");
          }
          return file;
        },
        withSettings,
        layers);
  }

  private static Image describe(
      Path manifestFile,
      Function<String, String> fileOf,
      boolean withSettings,
      @Nullable LayerSource remote) {
    String source = name(manifestFile);
    Manifest manifest = Manifest.parse(source, InputFile.readAll(manifestFile), "");
    if (manifest.isIndex()) {
      throw new InvalidInputException(
          source
              + " is an index, not the manifest of one image; choose the manifest of a platform");
    }
    Digest config = Objects.requireNonNull(manifest.config()).digest();
    Path configFile = FileNames.path(fileOf.apply(config.hex()));
    byte[] configJson = InputFile.readRegular(configFile, MAX_CONFIG);
    if (remote != null && !config.matches(config.newHash().digest(configJson))) {
      throw new InvalidInputException(
          name(configFile)
              + " is not the configuration that "
              + source
              + " refers to, since its digest is not "
              + config
              + "; pull the image again");
    }
    List<Digest> diffIds = DiffIds.parse(name(configFile), configJson);
    if (diffIds.size() < manifest.layers().size()) {
      throw new InvalidInputException(
          name(configFile)
              + " lists "
              + diffIds.size()
              + " diff ids for the "
              + manifest.layers().size()
              + " layers of "
              + source
              + "; pull the image again");
    }
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < manifest.layers().size(); i++) {
      Descriptor layer = manifest.layers().get(i);
      Layer.Builder described =
          Layer.builder()
              .digest(layer.digest())
              .diffId(diffIds.get(i))
              .mediaType(ociMediaType(layer.mediaType(), source));
      if (withSettings) {
        described.annotations(layer.annotations());
      }
      if (remote == null) {
        described.file(fileOf.apply(layer.digest().hex()));
      } else {
        described.size(checkedSize(layer, source)).source(remote);
      }
      layers.add(described.build());
    }
    ImageConfig settings =
        withSettings
            ? ConfigJson.parse(name(configFile), configJson).settings()
            : ImageConfig.EMPTY;
    return new Image(Image.VERSION, settings, layers, "", null);
  }

  /** Returns the size of a layer, which cannot be found out from its file. */
  private static long checkedSize(Descriptor layer, String source) {
    if (layer.size() <= 0) {
      throw new InvalidInputException(
          source + " does not state the size of the layer " + layer.digest() + "; pull it again");
    }
    return layer.size();
  }

  private static String ociMediaType(String mediaType, String source) {
    String type = ManifestFormat.OCI.typeOf(mediaType);
    return switch (type) {
      case MediaTypes.LAYER, MediaTypes.LAYER_GZIP, MediaTypes.LAYER_ZSTD -> type;
      default ->
          throw new InvalidInputException(
              source
                  + " has a layer of the unsupported media type "
                  + FileNames.quote(mediaType)
                  + "; use an image whose layers are tar, tar+gzip or tar+zstd");
    };
  }

  private static String name(Path file) {
    return FileNames.quote(FileNames.decode(FileNames.bytes(file)));
  }
}
