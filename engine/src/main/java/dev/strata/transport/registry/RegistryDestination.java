package dev.strata.transport.registry;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.PendingBlob;
import dev.strata.compress.CompressedBlob;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.image.IndexBlobs;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.layer.RegistryLayer;
import dev.strata.oci.Manifest;
import dev.strata.oci.Reference;
import dev.strata.transport.Destination;
import dev.strata.transport.Transfer;
import dev.strata.transport.Workers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Pushes images to a repository of a registry (OCI distribution specification 1.1). First finds out
 * which layers the registry has, several at once, and never reads these; the others stream from
 * their source into the requests. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class RegistryDestination implements Destination {
  // The size of a configuration, in bytes, up to which sending it costs less than asking for it.
  private static final int SMALL = 16 << 10;

  private final Reference reference;
  private final List<String> tags;
  private final RegistryOptions options;

  private RegistryDestination(Reference reference, List<String> tags, RegistryOptions options) {
    this.reference = reference;
    this.tags = List.copyOf(tags);
    this.options = options;
  }

  /**
   * Creates a destination. Sends no request.
   *
   * @param reference the image's name
   * @param options how to access the registry
   * @return the destination
   * @throws InvalidInputException if layers of an image in another registry are to be reused
   */
  public static RegistryDestination of(Reference reference, RegistryOptions options) {
    for (Reference image : options.reuseFrom()) {
      if (!image.registry().equals(reference.registry())) {
        throw new InvalidInputException(
            "cannot reuse layers of "
                + image
                + " for "
                + reference
                + ": they are in different registries; specify an image in "
                + reference.registry());
      }
    }
    return new RegistryDestination(reference, List.of(), options);
  }

  /**
   * Adds tags for the image.
   *
   * @param more the tags
   * @return a changed copy
   * @throws InvalidInputException if a tag is invalid
   */
  public RegistryDestination withAdditionalTags(List<String> more) {
    more.forEach(
        tag -> Reference.parse(reference.registry() + "/" + reference.repository() + ":" + tag));
    return new RegistryDestination(reference, more, options);
  }

  @Override
  public Descriptor write(ImageBlobs image, Transfer transfer) {
    try (RegistryClient client = client(transfer)) {
      if (isThere(client, image, transfer)) {
        return image.manifest().descriptor();
      }
      Pushed pushed = pushBlobs(client, List.of(image), transfer);
      return pushTagged(client, pushed.in(image).manifest(), pushed.changed());
    }
  }

  /**
   * Pushes blobs without an image that refers to them. Some registries remove such blobs after a
   * time.
   *
   * @param blobs the blobs, such as layers; their descriptors are known afterwards
   * @param transfer how many blobs at once, and the listener
   * @throws dev.strata.io.StrataException as {@link #write} does
   */
  public void writeBlobs(List<Blob> blobs, Transfer transfer) {
    try (RegistryClient client = client(transfer);
        Workers workers = new Workers(transfer)) {
      workers.forEach(blobs, blob -> writeBlob(client, blob, transfer));
    }
  }

  private void writeBlob(RegistryClient client, Blob blob, Transfer transfer) {
    try (BlobUpload upload = new BlobUpload(client, blob, mountFrom(blob), transfer.listener())) {
      if (upload.isMissing()) {
        upload.run();
      }
    }
  }

  @Override
  public Descriptor writeIndex(IndexBlobs index, Transfer transfer) {
    try (RegistryClient client = client(transfer)) {
      Pushed pushed = pushBlobs(client, index.images(), transfer);
      IndexBlobs now = index.withImages(pushed::in);
      for (Blob manifest : now.manifests()) {
        push(client, manifest.descriptor().digest().value(), manifest, pushed.changed());
      }
      return pushTagged(client, now.index(), pushed.changed());
    }
  }

  /**
   * What pushing the blobs of images has led to.
   *
   * @param changed whether any was missing
   * @param replaced layers in whose place the registry has other blobs, with these
   */
  private record Pushed(boolean changed, Map<Blob, Blob> replaced) {
    /** Returns an image as the registry has it. */
    ImageBlobs in(ImageBlobs image) {
      return image.withLayers(layer -> replaced.getOrDefault(layer, layer));
    }
  }

  private RegistryClient client(Transfer transfer) {
    return new RegistryClient(reference, options, transfer.listener(), "pull,push");
  }

  private Descriptor pushTagged(RegistryClient client, Blob manifest, boolean changed) {
    Descriptor descriptor = manifest.descriptor();
    Digest wanted = reference.digest();
    if (wanted != null && !wanted.equals(descriptor.digest())) {
      throw new InvalidInputException(
          "cannot push the manifest of "
              + reference
              + ": its digest is "
              + descriptor.digest()
              + "; omit the digest in the reference");
    }
    String tag = reference.tag();
    push(client, tag == null ? descriptor.digest().value() : tag, manifest, changed);
    for (String more : tags) {
      push(client, more, manifest, changed);
    }
    return descriptor;
  }

  /**
   * Pushes a manifest unless the registry has it: some registries refuse to write a tag twice, even
   * with the same manifest.
   */
  private static void push(RegistryClient client, String name, Blob manifest, boolean changed) {
    Descriptor d = manifest.descriptor();
    boolean there =
        !changed
            && client.manifestDigest(name, d.mediaType()).filter(d.digest()::equals).isPresent();
    if (!there) {
      client.putManifest(name, d, Manifest.bytes(manifest));
    }
  }

  /**
   * Pushes an artifact without a tag.
   *
   * @return the registry's answer to its manifest
   */
  RegistryClient.Answer pushArtifact(
      RegistryClient client, CopySource artifact, Transfer transfer) {
    Blob root;
    if (artifact instanceof CopySource.Several several) {
      pushBlobs(client, several.index().images(), transfer);
      for (Blob manifest : several.index().manifests()) {
        push(client, manifest.descriptor().digest().value(), manifest, true);
      }
      root = several.index().index();
    } else {
      ImageBlobs image = ((CopySource.Single) artifact).image();
      pushBlobs(client, List.of(image), transfer);
      root = image.manifest();
    }
    Descriptor d = root.descriptor();
    return client.putManifest(d.digest().value(), d, Manifest.bytes(root));
  }

  /**
   * Returns whether the registry has an image under all its names, and so its layers: it has been
   * copied before.
   */
  private boolean isThere(RegistryClient client, ImageBlobs image, Transfer transfer) {
    if (options.layersPresent()) {
      return false;
    }
    for (Blob blob : image.ownBlobs()) {
      if (PendingBlob.known(blob).isEmpty()) {
        return false;
      }
    }
    Descriptor manifest = image.manifest().descriptor();
    List<String> names = replacedTags();
    if (reference.tag() == null) {
      names.addFirst(manifest.digest().value());
    }
    for (String name : names) {
      if (client
          .manifestDigest(name, manifest.mediaType())
          .filter(manifest.digest()::equals)
          .isEmpty()) {
        return false;
      }
    }
    for (Blob blob : image.ownBlobs()) {
      client.blobs().add(reference.repository(), blob.descriptor().digest());
      transfer.listener().skipped(blob.descriptor(), "exists");
    }
    return true;
  }

  /** Pushes layers and configurations. */
  private Pushed pushBlobs(RegistryClient client, List<ImageBlobs> images, Transfer transfer) {
    Map<Object, Blob> blobs = new LinkedHashMap<>();
    Map<Blob, Blob> same = new LinkedHashMap<>();
    for (ImageBlobs image : images) {
      // The configuration comes first; the request for it finds out how to authenticate.
      put(blobs, image.config(), same);
    }
    for (ImageBlobs image : images) {
      image.ownBlobs().forEach(blob -> put(blobs, blob, same));
    }
    Map<Blob, Blob> replaced = new HashMap<>();
    if (blobs.isEmpty()) {
      return new Pushed(false, replaced);
    }
    List<BlobUpload> all = new ArrayList<>();
    for (Blob blob : blobs.values()) {
      BlobUpload upload = new BlobUpload(client, blob, mountFrom(blob), transfer.listener());
      Descriptor known = upload.known();
      // If the tag has no image or another one, the configuration is most often new as well.
      upload.skipQuestion(
          client.answersHeads()
              && blob.equals(images.getFirst().config())
              && known != null
              && known.size() <= SMALL);
      all.add(upload);
    }
    List<BlobUpload> missing = new ArrayList<>();
    try (Workers workers = new Workers(transfer)) {
      // Of many images, another one may be about to send a layer.
      BlobUpload begun = options.session() == null ? beginReading(all) : null;
      List<BlobUpload> others = all;
      if (!client.answersHeads()) {
        BlobUpload first = all.getFirst();
        boolean firstMissing = first.isMissing();
        if (firstMissing && client.areHeadsRefused()) {
          // Perhaps access is denied: find that out with one request, not with many at once.
          workers.forEach(List.of(first), BlobUpload::run);
        } else if (firstMissing) {
          missing.add(first);
        }
        others = all.subList(1, all.size());
      }
      Future<Map<CompressedBlob, Descriptor>> sending = null;
      if (begun != null && isOnlyOne(begun, all)) {
        // Need not wait for the answers about the others.
        others = new ArrayList<>(others);
        others.remove(begun);
        sending = workers.begin(() -> reuseOrSend(client, begun, images, transfer, workers));
      }
      useNoted(others);
      List<Boolean> found = workers.map(others, BlobUpload::isMissing);
      for (int i = 0; i < others.size(); i++) {
        if (found.get(i)) {
          missing.add(others.get(i));
        }
      }
      checkPresent(missing, images);
      List<BlobUpload> mounted = missing.stream().filter(BlobUpload::isMountable).toList();
      missing.removeAll(mounted);
      if (missing.stream().anyMatch(this::isReusable)) {
        LayerReuse reuse = new LayerReuse(client, images, transfer.listener());
        missing = reuse.without(missing, replacedTags(), workers);
        replace(client, reuse.found(), replaced);
        if (begun != null && !missing.contains(begun)) {
          begun.close();
        }
      }
      missing.addAll(mounted);
      missing.sort((a, b) -> Long.compare(work(b), work(a)));
      workers.forEach(missing, BlobUpload::run);
      if (begun != null && sending != null) {
        replace(client, workers.await(sending), replaced);
        missing.add(begun);
      }
      for (BlobUpload upload : missing) {
        Descriptor sent = upload.known();
        if (sent != null && PendingBlob.known(upload.blob()).isEmpty()) {
          // Another copy has compressed the layer.
          replaced.put(upload.blob(), new RemoteBlob(client, sent));
        }
      }
    } finally {
      note(client, missing);
      all.forEach(BlobUpload::close);
    }
    same.forEach((layer, first) -> replaced.put(layer, replaced.getOrDefault(first, first)));
    return new Pushed(
        missing.stream().anyMatch(BlobUpload::isNew) || client.areHeadsRefused(), replaced);
  }

  /**
   * Begins with the largest layer that has to be compressed, before the first answer of the
   * registry. The registry may have it as another program compressed it; that is unlikely if other
   * layers of the image have been compressed here.
   *
   * @return its upload; null if there is no such layer
   */
  private @Nullable BlobUpload beginReading(List<BlobUpload> uploads) {
    boolean likely = uploads.stream().anyMatch(u -> isReusable(u) && u.known() != null);
    BlobUpload largest = null;
    for (BlobUpload upload : uploads) {
      boolean begins = upload.known() == null && (likely || !isReusable(upload));
      if (begins && (largest == null || work(upload) > work(largest))) {
        largest = upload;
      }
    }
    if (largest != null) {
      largest.beginReading();
    }
    return largest;
  }

  /**
   * Returns whether a layer is the only one that has to be compressed, as if an image is pushed
   * again with one layer changed.
   */
  private boolean isOnlyOne(BlobUpload layer, List<BlobUpload> all) {
    for (BlobUpload upload : all) {
      if (upload != layer && upload.known() == null) {
        return false;
      }
    }
    return !options.layersPresent();
  }

  /** Sends a layer unless the registry has it in another form, which is returned. */
  private Map<CompressedBlob, Descriptor> reuseOrSend(
      RegistryClient client,
      BlobUpload layer,
      List<ImageBlobs> images,
      Transfer transfer,
      Workers workers) {
    LayerReuse reuse = new LayerReuse(client, images, transfer.listener());
    List<BlobUpload> sent = List.of(layer);
    if (isReusable(layer)) {
      sent = reuse.without(sent, replacedTags(), workers);
    }
    if (sent.isEmpty()) {
      layer.close();
    } else {
      layer.run();
    }
    return reuse.found();
  }

  private static void replace(
      RegistryClient client, Map<CompressedBlob, Descriptor> forms, Map<Blob, Blob> replaced) {
    forms.forEach((layer, form) -> replaced.put(layer, new RemoteBlob(client, form)));
  }

  private static long work(BlobUpload upload) {
    return Workers.work(upload.blob());
  }

  /**
   * Finds out from which other repositories blobs can be mounted according to earlier copies: from
   * as few as possible, since each may take a token of its own.
   */
  private void useNoted(List<BlobUpload> uploads) {
    Map<BlobUpload, List<String>> noted = new LinkedHashMap<>();
    Map<String, Integer> counts = new HashMap<>();
    boolean isNew = true;
    for (BlobUpload upload : uploads) {
      Descriptor known = upload.known();
      if (known != null && origin(upload.blob()) == null) {
        List<String> all = options.blobLocations().find(reference.registry(), known.digest());
        if (all.contains(reference.repository())) {
          isNew = false;
          upload.skipQuestion(false);
        } else if (!all.isEmpty()) {
          noted.put(upload, all);
          all.forEach(repository -> counts.merge(repository, 1, Integer::sum));
        }
      }
    }
    for (Map.Entry<BlobUpload, List<String>> entry : noted.entrySet()) {
      List<String> all = entry.getValue();
      String most = all.getFirst();
      for (String repository : all) {
        if (counts.getOrDefault(repository, 0) > counts.getOrDefault(most, 0)) {
          most = repository;
        }
      }
      entry.getKey().mountFromNoted(most, isNew);
    }
  }

  /** Notes the blobs that the repository has now for later copies. */
  private void note(RegistryClient client, List<BlobUpload> uploads) {
    BlobLocations locations = options.blobLocations();
    for (BlobUpload upload : uploads) {
      Descriptor known = upload.known();
      if (known != null && client.blobs().has(reference.repository(), known.digest())) {
        locations.add(reference.registry(), known.digest(), reference.repository());
      }
    }
    locations.flush();
  }

  /** Fails if a layer is missing that another program was to push. */
  private void checkPresent(List<BlobUpload> missing, List<ImageBlobs> images) {
    if (!options.layersPresent()) {
      return;
    }
    Set<Blob> configs = new HashSet<>();
    images.forEach(image -> configs.add(image.config()));
    List<BlobUpload> layers = missing.stream().filter(u -> !configs.contains(u.blob())).toList();
    if (layers.isEmpty()) {
      return;
    }
    Descriptor first = layers.getFirst().known();
    throw new NotFoundException(
        reference
            + " lacks "
            + (layers.size() == 1 ? "a layer" : layers.size() + " layers")
            + (first == null ? "" : ", such as " + first.digest())
            + "; push them first");
  }

  /** Adds a blob unless it is there, or another one for the same layer, which is noted. */
  private static void put(Map<Object, Blob> blobs, Blob blob, Map<Blob, Blob> same) {
    Object key = blob;
    if (blob instanceof CompressedBlob layer) {
      key = layer.diffId() + " " + layer.mediaType();
    } else if (PendingBlob.known(blob).isPresent()) {
      key = blob.descriptor().digest();
    }
    Blob first = blobs.putIfAbsent(key, blob);
    if (first != null && !first.equals(blob) && blob instanceof CompressedBlob) {
      same.put(blob, first);
    }
  }

  private boolean isReusable(BlobUpload upload) {
    return options.reuse() && upload.blob() instanceof CompressedBlob;
  }

  /** Returns the tags that the image gets. */
  private List<String> replacedTags() {
    List<String> all = new ArrayList<>(tags);
    String tag = reference.tag();
    if (tag != null) {
      all.addFirst(tag);
    }
    return all;
  }

  private List<String> mountFrom(Blob blob) {
    List<String> from = new ArrayList<>(options.mountFrom());
    String origin = origin(blob);
    if (origin != null) {
      from.addFirst(origin);
    }
    from.removeIf(reference.repository()::equals);
    return from.stream().distinct().toList();
  }

  /** Returns the repository of the registry that a blob comes from; null if there is none. */
  private @Nullable String origin(Blob blob) {
    Reference from = null;
    if (blob instanceof RemoteBlob remote) {
      from = remote.reference();
    } else if (blob instanceof RegistryLayer layer) {
      from = layer.source().repository();
    }
    return from != null && from.registry().equals(reference.registry()) ? from.repository() : null;
  }
}
