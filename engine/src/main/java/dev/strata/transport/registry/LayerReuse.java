package dev.strata.transport.registry;

import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.compress.CompressedBlob;
import dev.strata.image.ConfigJson;
import dev.strata.image.ImageBlobs;
import dev.strata.io.CorruptDataException;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.io.UnauthorizedException;
import dev.strata.io.UnreachableException;
import dev.strata.oci.Manifest;
import dev.strata.oci.Platform;
import dev.strata.oci.Reference;
import dev.strata.transport.Transfer;
import dev.strata.transport.Workers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds layers that need not be compressed and sent, since the registry has them as another program
 * or another version compressed them. It has, if an image under a tag that is about to be replaced,
 * or one that the user names, lists them. Used once, by one thread.
 */
final class LayerReuse {
  private final RegistryClient client;
  private final RegistryOptions options;
  private final List<ImageBlobs> images;
  private final Transfer.Listener listener;

  /** What is known of the images to push; null before it is needed. */
  private @Nullable Map<Digest, List<Digest>> configs;

  private final Map<CompressedBlob, Descriptor> found = new ConcurrentHashMap<>();
  private final Set<Platform> platforms = new HashSet<>();

  LayerReuse(RegistryClient client, List<ImageBlobs> images, Transfer.Listener listener) {
    this.client = client;
    this.options = client.options();
    this.images = images;
    this.listener = listener;
  }

  /**
   * Finds blobs of the registry for layers.
   *
   * @param missing the blobs that the registry lacks
   * @param tags the tags that are about to be replaced
   * @param workers the threads for requests; not used for a single blob
   * @return the blobs that have to be sent all the same
   */
  List<BlobUpload> without(List<BlobUpload> missing, List<String> tags, Workers workers) {
    List<BlobUpload> sent = new ArrayList<>();
    List<BlobUpload> wanting = new ArrayList<>();
    for (BlobUpload upload : missing) {
      (upload.blob() instanceof CompressedBlob ? wanting : sent).add(upload);
    }
    wanting =
        unresolved(
            wanting, workers, upload -> isThere(upload, layer(upload).earlier(), null, "exists"));
    for (String tag : tags) {
      if (!wanting.isEmpty() && !client.areHeadsRefused()) {
        ListedLayers listed = underTag(tag);
        wanting = listed == null ? wanting : unresolved(wanting, listed, null, workers);
      }
    }
    for (Reference image : options.reuseFrom()) {
      if (!wanting.isEmpty() && !client.areHeadsRefused()) {
        ListedLayers listed = in(image);
        String repository =
            image.repository().equals(client.reference().repository()) ? null : image.repository();
        wanting = listed == null ? wanting : unresolved(wanting, listed, repository, workers);
      }
    }
    sent.addAll(wanting);
    return sent;
  }

  /** Returns the layers that need not be sent, with the blobs that take their places. */
  Map<CompressedBlob, Descriptor> found() {
    return found;
  }

  private static CompressedBlob layer(BlobUpload upload) {
    return (CompressedBlob) upload.blob();
  }

  private List<BlobUpload> unresolved(
      List<BlobUpload> wanting, ListedLayers listed, @Nullable String repository, Workers workers) {
    return unresolved(
        wanting,
        workers,
        upload -> isThere(upload, listed.of(layer(upload).diffId()), repository, "reused"));
  }

  /** Finds a blob for a layer. */
  private interface Finder {
    boolean find(BlobUpload upload);
  }

  private static List<BlobUpload> unresolved(
      List<BlobUpload> wanting, Workers workers, Finder finder) {
    List<Boolean> found =
        wanting.size() == 1
            ? List.of(finder.find(wanting.getFirst()))
            : workers.map(wanting, finder::find);
    List<BlobUpload> rest = new ArrayList<>();
    for (int i = 0; i < wanting.size(); i++) {
      if (!found.get(i)) {
        rest.add(wanting.get(i));
      }
    }
    return rest;
  }

  /** Uses one of the compressed forms of a layer if the registry has it, best in its own format. */
  private boolean isThere(
      BlobUpload upload, List<Descriptor> forms, @Nullable String repository, String reason) {
    CompressedBlob layer = layer(upload);
    for (boolean sameFormat : new boolean[] {true, false}) {
      for (Descriptor form : forms) {
        if (form.mediaType().equals(layer.mediaType()) == sameFormat
            && layer.accepts(form)
            && isThere(upload, form, repository, reason)) {
          found.put(layer, form);
          return true;
        }
      }
    }
    return false;
  }

  private boolean isThere(
      BlobUpload upload, Descriptor form, @Nullable String repository, String reason) {
    boolean knownToBeMissing = form.equals(upload.known());
    if (!knownToBeMissing && client.hasBlob(form)) {
      listener.skipped(form, reason);
      return true;
    }
    if (repository != null && client.mounts(form, repository)) {
      listener.skipped(form, "mounted");
      return true;
    }
    return false;
  }

  /** Reads the image that is about to be replaced; returns null if there is none of use. */
  private @Nullable ListedLayers underTag(String tag) {
    try {
      return read(client, tag);
    } catch (NotFoundException | InvalidInputException | CorruptDataException _) {
      // There is no image, or something else; it is about to be replaced.
      return null;
    } catch (UnauthorizedException | RegistryException e) {
      warn(e);
      return null;
    } catch (UnreachableException e) {
      if (e.getCause() != null) {
        throw e;
      }
      // Errors of the server, which may concern this request only.
      warn(e);
      return null;
    }
  }

  /** Reads an image that the user names; returns null, with a warning, if that is not possible. */
  private @Nullable ListedLayers in(Reference image) {
    try (RegistryClient other = new RegistryClient(image, options, listener, "pull")) {
      return read(other, image.manifestName());
    } catch (NotFoundException
        | InvalidInputException
        | CorruptDataException
        | UnauthorizedException
        | RegistryException
        | UnreachableException e) {
      warn(e);
      return null;
    }
  }

  private void warn(Exception e) {
    listener.warning("no layers are reused: " + e.getMessage());
  }

  private ListedLayers read(RegistryClient from, String name) {
    Map<Digest, List<Digest>> known = configs;
    if (known == null) {
      known = new HashMap<>();
      for (ImageBlobs image : images) {
        if (image.isImage()) {
          add(known, image);
        }
      }
      configs = known;
    }
    return ListedLayers.read(from, name, platforms, known);
  }

  private void add(Map<Digest, List<Digest>> known, ImageBlobs image) {
    known.put(image.config().descriptor().digest(), image.diffIds());
    platforms.add(ConfigJson.parse("the configuration", Manifest.bytes(image.config())).platform());
  }
}
