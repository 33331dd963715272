package dev.strata.serve;

import dev.strata.blob.Blob;
import dev.strata.image.ImageBlobs;
import dev.strata.io.ConflictException;
import dev.strata.layer.Layer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A repository of the registry. Written before the server starts, and only read after that. */
final class ServedRepository {
  private final String name;
  private final Map<String, Blob> manifestsByTag = new TreeMap<>();
  private final Map<String, Blob> manifestsByDigest = new HashMap<>();
  private final Map<String, ServedBlob> blobs = new HashMap<>();

  ServedRepository(String name) {
    this.name = name;
  }

  /** A blob, and its layer if that is known: parts of it can be read without the rest. */
  record ServedBlob(Blob blob, @Nullable Layer layer) {}

  /** Adds the name of an image, or of an index whose images have been added. */
  void tag(Blob manifest, String tag) {
    if (manifestsByTag.putIfAbsent(tag, manifest) != null) {
      throw new ConflictException(
          "two images have the name " + name + ":" + tag + "; give each a name of its own");
    }
    manifestsByDigest.put(digest(manifest), manifest);
  }

  /** Adds an image, with the layers that its blobs are of as far as they are known. */
  void add(ImageBlobs image, List<Layer> layers) {
    manifestsByDigest.put(digest(image.manifest()), image.manifest());
    blobs.put(digest(image.config()), new ServedBlob(image.config(), null));
    for (int i = 0; i < image.layers().size(); i++) {
      Blob blob = image.layers().get(i);
      Layer layer = i < layers.size() && layers.get(i).isLocal() ? layers.get(i) : null;
      blobs.put(digest(blob), new ServedBlob(blob, layer));
    }
  }

  private static String digest(Blob blob) {
    return blob.descriptor().digest().value();
  }

  String name() {
    return name;
  }

  /** Returns the tags in byte order, as the specification requires. */
  Iterable<String> tags() {
    return manifestsByTag.keySet();
  }

  /** Returns the manifest with a tag or a digest, or null. */
  @Nullable Blob manifest(String reference) {
    Blob byDigest = manifestsByDigest.get(reference);
    return byDigest != null ? byDigest : manifestsByTag.get(reference);
  }

  /** Returns a layer or a configuration, or null. Manifests are blobs too, as elsewhere. */
  @Nullable ServedBlob blob(String digest) {
    ServedBlob blob = blobs.get(digest);
    Blob manifest = manifestsByDigest.get(digest);
    return blob != null || manifest == null ? blob : new ServedBlob(manifest, null);
  }
}
