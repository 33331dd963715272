package dev.strata.serve;

import dev.strata.blob.Blob;
import dev.strata.image.ImageBlobs;
import dev.strata.io.StrataException;
import dev.strata.layer.Layer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a registry has under one name. Written before the server starts, only read from then on. */
final class ServedRepository {
  private final String name;
  private final Map<String, Blob> manifestsByTag = new TreeMap<>();
  private final Map<String, Blob> manifestsByDigest = new HashMap<>();
  private final Map<String, ServedBlob> blobs = new HashMap<>();

  ServedRepository(String name) {
    this.name = name;
  }

  /** A blob, with its layer if it is one: that gives parts of itself. */
  record ServedBlob(Blob blob, @Nullable Layer layer) {}

  /** Adds an image; layers that are known give parts of themselves. */
  void add(ImageBlobs image, List<Layer> layers, String tag) {
    Blob manifest = image.manifest();
    if (manifestsByTag.putIfAbsent(tag, manifest) != null) {
      throw new StrataException(
          "two images are called " + name + ":" + tag + ": name them apart by --name");
    }
    manifestsByDigest.put(digest(manifest), manifest);
    blobs.put(digest(image.config()), new ServedBlob(image.config(), null));
    for (int i = 0; i < image.layers().size(); i++) {
      Blob blob = image.layers().get(i);
      blobs.put(digest(blob), new ServedBlob(blob, i < layers.size() ? layers.get(i) : null));
    }
  }

  private static String digest(Blob blob) {
    return blob.descriptor().digest().value();
  }

  String name() {
    return name;
  }

  /** The tags in the order the specification asks for, that of their bytes. */
  Iterable<String> tags() {
    return manifestsByTag.keySet();
  }

  /** The manifest of a tag or of a digest. */
  @Nullable Blob manifest(String reference) {
    Blob byDigest = manifestsByDigest.get(reference);
    return byDigest != null ? byDigest : manifestsByTag.get(reference);
  }

  /** A layer or a configuration; manifests can be had as blobs too, as from other registries. */
  @Nullable ServedBlob blob(String digest) {
    ServedBlob blob = blobs.get(digest);
    Blob manifest = manifestsByDigest.get(digest);
    return blob != null || manifest == null ? blob : new ServedBlob(manifest, null);
  }
}
