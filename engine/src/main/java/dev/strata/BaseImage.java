package dev.strata;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.FileBlob;
import dev.strata.blob.ForeignBlob;
import dev.strata.image.ConfigJson;
import dev.strata.image.CopySource;
import dev.strata.image.Image;
import dev.strata.image.ImageBlobs;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerSource;
import dev.strata.layer.RegistryLayer;
import dev.strata.oci.DiffIds;
import dev.strata.oci.History;
import dev.strata.oci.Manifest;
import dev.strata.oci.ManifestFormat;
import dev.strata.oci.Platform;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Timestamp;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A base image: its description and its blobs.
 *
 * @param image the description; layers that are neither in a file nor in a registry lack both
 * @param layers finds the blob of each layer; for an image.json file, this needs its files
 * @param annotations the annotations that name the base in the image built on it
 */
record BaseImage(Image image, Supplier<List<Blob>> layers, SortedMap<String, String> annotations) {
  private static final String BASE_NAME = "org.opencontainers.image.base.name";
  private static final String BASE_DIGEST = "org.opencontainers.image.base.digest";
  private static final String LINUX = "linux";

  /**
   * Reads the manifest and the configuration of a base image.
   *
   * @param name its name in messages
   * @param place where it is
   * @param source the place as a source
   * @param wanted the platform; null for that of this machine, or of the only image
   * @param tlsVerify whether its registry is to be accessed by HTTPS when layers are read later
   */
  static BaseImage read(
      String name,
      ImageLocation place,
      Source source,
      @Nullable Platform wanted,
      boolean tlsVerify) {
    PlatformChoice choice = wanted == null ? PlatformChoice.local() : PlatformChoice.one(wanted);
    if (place instanceof ImageLocation.Nix nix) {
      Image read = Image.read(FileNames.path(nix.file()), choice);
      checkPlatform(name, new Platform(LINUX, read.arch(), read.variant()), wanted);
      return new BaseImage(read, () -> single(name, source, choice).layers(), new TreeMap<>());
    }
    ImageBlobs blobs = single(name, source, choice);
    byte[] json = Manifest.bytes(blobs.config());
    ConfigJson config = ConfigJson.parse("the configuration of " + name, json);
    checkPlatform(name, config.platform(), wanted);
    List<Layer> layers = layers(name, place, blobs, config, json, tlsVerify);
    List<Blob> bytes = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      bytes.add(bytes(layers.get(i), blobs.layers().get(i)));
    }
    SortedMap<String, String> annotations = new TreeMap<>();
    if (place instanceof ImageLocation.Registry registry) {
      annotations.put(BASE_NAME, registry.reference().toString());
      annotations.put(BASE_DIGEST, blobs.manifest().descriptor().digest().value());
    }
    Image image =
        new Image(
            Image.VERSION,
            config.settings(),
            layers,
            config.architecture(),
            null,
            new TreeMap<>(),
            config.platform().variant());
    return new BaseImage(image, () -> bytes, annotations);
  }

  private static ImageBlobs single(String name, Source source, PlatformChoice choice) {
    if (!(source.open(choice) instanceof CopySource.Single single)) {
      throw new InvalidInputException(name + " is an index of several images; name one of them");
    }
    if (!single.image().isImage()) {
      throw new InvalidInputException(
          name + " is not a container image, but another artifact; use an image as the base");
    }
    return single.image();
  }

  /** Returns the blob of a layer; one in a registry is not looked into before it is copied. */
  private static Blob bytes(Layer layer, Blob blob) {
    LayerSource source = layer.source().orElse(null);
    if (source == null) {
      return blob;
    }
    Descriptor descriptor =
        new Descriptor(
            layer.mediaType(), layer.digest(), blob.descriptor().size(), layer.annotations());
    return new RegistryLayer(descriptor, source).withBytes(_ -> blob);
  }

  private static void checkPlatform(String name, Platform found, @Nullable Platform wanted) {
    if (!found.os().isEmpty() && !found.os().equals(LINUX)) {
      throw new InvalidInputException(
          name + " is an image for " + found.os() + "; use an image for linux as the base");
    }
    if (wanted == null || found.architecture().isEmpty()) {
      return;
    }
    boolean variantsDiffer =
        !wanted.variant().isEmpty()
            && !found.variant().isEmpty()
            && !wanted.variant().equals(found.variant());
    if (!found.architecture().equals(wanted.architecture()) || variantsDiffer) {
      throw new InvalidInputException(
          name
              + " is an image for "
              + new Platform(LINUX, found.architecture(), found.variant())
              + ", not "
              + wanted
              + "; use a base image for that platform");
    }
  }

  private static List<Layer> layers(
      String name,
      ImageLocation place,
      ImageBlobs blobs,
      ConfigJson config,
      byte[] json,
      boolean tlsVerify) {
    List<Digest> diffIds = DiffIds.parse("the configuration of " + name, json);
    if (diffIds.size() != blobs.layers().size()) {
      throw new InvalidInputException(
          name
              + " has "
              + blobs.layers().size()
              + " layers, but its configuration lists "
              + diffIds.size()
              + " diff ids");
    }
    List<History> history = config.layerHistory();
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < diffIds.size(); i++) {
      Blob blob = blobs.layers().get(i);
      if (blob instanceof ForeignBlob) {
        throw new InvalidInputException(
            name + " has layers that only its publisher distributes; use another base image");
      }
      Descriptor d = blob.descriptor();
      Layer.Builder layer =
          Layer.builder()
              .digest(d.digest())
              .size(d.size())
              .diffId(diffIds.get(i))
              .mediaType(ManifestFormat.OCI.typeOf(d.mediaType()))
              .annotations(d.annotations())
              .history(history.get(i));
      if (place instanceof ImageLocation.Registry registry) {
        layer.source(LayerSource.of(registry.reference(), tlsVerify));
      } else if (blob instanceof FileBlob file) {
        layer.file(FileNames.decode(FileNames.bytes(file.file().toAbsolutePath().normalize())));
      }
      layers.add(layer.build());
    }
    return layers;
  }

  /** Returns the image with a time in each history entry, without which programs fail. */
  BaseImage dated(Timestamp created) {
    List<Layer> all = new ArrayList<>();
    for (Layer layer : image.layers()) {
      History h = layer.history();
      History dated =
          h.created() == null
              ? new History(created, h.createdBy(), h.author(), h.comment(), h.emptyLayer())
              : h;
      all.add(layer.toBuilder().history(dated).build());
    }
    return new BaseImage(image.withLayers(all), layers, annotations);
  }
}
