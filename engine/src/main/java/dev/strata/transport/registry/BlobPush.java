package dev.strata.transport.registry;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.PendingBlob;
import dev.strata.compress.CompressedBlob;
import dev.strata.image.ImageBlobs;
import dev.strata.io.NotFoundException;
import dev.strata.layer.RegistryLayer;
import dev.strata.oci.Reference;
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
 * Pushes the layers and configurations of one or more images: finds out which of them the
 * repository lacks, and mounts or sends these. For one use, by one thread.
 */
final class BlobPush {
  // The size of a configuration, in bytes, up to which sending it costs less than asking for it.
  private static final int SMALL = 16 << 10;

  private final RegistryClient client;
  private final RegistryOptions options;
  private final List<ImageBlobs> images;
  private final List<String> tags;
  private final Transfer transfer;
  private final List<BlobUpload> all = new ArrayList<>();
  private final List<BlobUpload> missing = new ArrayList<>();
  // Layers that are also pushed in another form, with this one.
  private final Map<Blob, Blob> same = new LinkedHashMap<>();
  private final Map<Blob, Blob> replaced = new HashMap<>();

  /**
   * Prepares a push. Sends no request.
   *
   * @param tags the tags that the images get
   */
  BlobPush(RegistryClient client, List<ImageBlobs> images, List<String> tags, Transfer transfer) {
    this.client = client;
    this.options = client.options();
    this.images = images;
    this.tags = tags;
    this.transfer = transfer;
  }

  /**
   * What a push has led to.
   *
   * @param changed whether any blob was missing
   * @param replaced layers in whose place the registry has other blobs, with these
   */
  record Result(boolean changed, Map<Blob, Blob> replaced) {
    /** Returns an image as the registry has it. */
    ImageBlobs in(ImageBlobs image) {
      return image.withLayers(layer -> replaced.getOrDefault(layer, layer));
    }
  }

  /** Pushes the blobs. */
  Result run() {
    collect();
    if (all.isEmpty()) {
      return new Result(false, replaced);
    }
    try (Workers workers = new Workers(transfer)) {
      // Of many images, another one may be about to send a layer.
      BlobUpload begun = options.session() == null ? beginReading() : null;
      List<BlobUpload> others = withoutFirst(workers);
      Future<Map<CompressedBlob, Descriptor>> sending = null;
      if (begun != null && isOnlyOne(begun)) {
        // Need not wait for the answers about the others.
        others.remove(begun);
        sending = workers.begin(() -> reuseOrSend(begun, workers));
      }
      findMissing(others, workers);
      // A layer that is being sent is not missing any more.
      send(sending == null ? begun : null, workers);
      if (begun != null && sending != null) {
        replace(workers.await(sending));
        missing.add(begun);
      }
      noteForms();
    } finally {
      note();
      all.forEach(BlobUpload::close);
    }
    same.forEach((layer, first) -> replaced.put(layer, replaced.getOrDefault(first, first)));
    return new Result(
        missing.stream().anyMatch(BlobUpload::isNew) || client.areHeadsRefused(), replaced);
  }

  /** Lists the blobs to push, each once. */
  private void collect() {
    Map<Object, Blob> blobs = new LinkedHashMap<>();
    for (ImageBlobs image : images) {
      // The configuration comes first; the request for it finds out how to authenticate.
      put(blobs, image.config());
    }
    for (ImageBlobs image : images) {
      image.ownBlobs().forEach(blob -> put(blobs, blob));
    }
    for (Blob blob : blobs.values()) {
      BlobUpload upload =
          new BlobUpload(client, blob, mountFrom(client, blob), transfer.listener());
      Descriptor known = upload.known();
      // If the tag has no image or another one, the configuration is most often new as well.
      upload.skipQuestion(
          client.answersHeads()
              && blob.equals(images.getFirst().config())
              && known != null
              && known.size() <= SMALL);
      all.add(upload);
    }
  }

  /** Adds a blob unless it is there, or another one for the same layer, which is noted. */
  private void put(Map<Object, Blob> blobs, Blob blob) {
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

  /**
   * Asks for the first blob alone if it is not known whether the registry answers, and returns the
   * others.
   */
  private List<BlobUpload> withoutFirst(Workers workers) {
    if (client.answersHeads()) {
      return new ArrayList<>(all);
    }
    BlobUpload first = all.getFirst();
    boolean isMissing = first.isMissing();
    if (isMissing && client.areHeadsRefused()) {
      // Perhaps access is denied: find that out with one request, not with many at once.
      workers.forEach(List.of(first), BlobUpload::run);
    } else if (isMissing) {
      missing.add(first);
    }
    return new ArrayList<>(all.subList(1, all.size()));
  }

  private void findMissing(List<BlobUpload> uploads, Workers workers) {
    useNoted(uploads);
    List<Boolean> found = workers.map(uploads, BlobUpload::isMissing);
    for (int i = 0; i < uploads.size(); i++) {
      if (found.get(i)) {
        missing.add(uploads.get(i));
      }
    }
    checkPresent();
  }

  /**
   * Sends what is missing, the largest first, unless the registry has it in another form.
   *
   * @param begun a layer whose reading has begun, but not its upload
   */
  private void send(@Nullable BlobUpload begun, Workers workers) {
    List<BlobUpload> mounted = missing.stream().filter(BlobUpload::isMountable).toList();
    missing.removeAll(mounted);
    if (missing.stream().anyMatch(this::isReusable)) {
      LayerReuse reuse = new LayerReuse(client, images, transfer.listener());
      missing.retainAll(reuse.without(missing, tags, workers));
      replace(reuse.found());
      if (begun != null && !missing.contains(begun)) {
        begun.close();
      }
    }
    missing.addAll(mounted);
    missing.sort((a, b) -> Long.compare(work(b), work(a)));
    workers.forEach(missing, BlobUpload::run);
  }

  /** Finds the layers that another copy has compressed meanwhile. */
  private void noteForms() {
    for (BlobUpload upload : missing) {
      Descriptor sent = upload.known();
      if (sent != null && PendingBlob.known(upload.blob()).isEmpty()) {
        replaced.put(upload.blob(), new RemoteBlob(client, sent));
      }
    }
  }

  /**
   * Begins with the largest layer that has to be compressed, before the first answer of the
   * registry. The registry may have it as another program compressed it; that is unlikely if other
   * layers of the image have been compressed here.
   *
   * @return the upload of that layer, or null if no layer has to be compressed
   */
  private @Nullable BlobUpload beginReading() {
    boolean likely = all.stream().anyMatch(u -> isReusable(u) && u.known() != null);
    BlobUpload largest = null;
    for (BlobUpload upload : all) {
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
  private boolean isOnlyOne(BlobUpload layer) {
    for (BlobUpload upload : all) {
      if (upload != layer && upload.known() == null) {
        return false;
      }
    }
    return !options.layersPresent();
  }

  /** Sends a layer unless the registry has it in another form, which is returned. */
  private Map<CompressedBlob, Descriptor> reuseOrSend(BlobUpload layer, Workers workers) {
    LayerReuse reuse = new LayerReuse(client, images, transfer.listener());
    List<BlobUpload> sent = List.of(layer);
    if (isReusable(layer)) {
      sent = reuse.without(sent, tags, workers);
    }
    if (sent.isEmpty()) {
      layer.close();
    } else {
      layer.run();
    }
    return reuse.found();
  }

  private void replace(Map<CompressedBlob, Descriptor> forms) {
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
      if (known != null && origin(client, upload.blob()) == null) {
        List<String> all =
            options.blobLocations().find(client.reference().registry(), known.digest());
        if (all.contains(client.reference().repository())) {
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
  private void note() {
    Reference reference = client.reference();
    BlobLocations locations = options.blobLocations();
    for (BlobUpload upload : missing) {
      Descriptor known = upload.known();
      if (known != null && client.blobs().has(reference.repository(), known.digest())) {
        locations.add(reference.registry(), known.digest(), reference.repository());
      }
    }
    locations.flush();
  }

  /** Fails if a layer is missing that another program was to push. */
  private void checkPresent() {
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
        client.reference()
            + " lacks "
            + (layers.size() == 1 ? "a layer" : layers.size() + " layers")
            + (first == null ? "" : ", such as " + first.digest())
            + "; push them first");
  }

  private boolean isReusable(BlobUpload upload) {
    return options.reuse() && upload.blob() instanceof CompressedBlob;
  }

  /** Returns the other repositories of the registry that probably have a blob. */
  static List<String> mountFrom(RegistryClient client, Blob blob) {
    List<String> from = new ArrayList<>(client.options().mountFrom());
    String origin = origin(client, blob);
    if (origin != null) {
      from.addFirst(origin);
    }
    from.removeIf(client.reference().repository()::equals);
    return from.stream().distinct().toList();
  }

  /** Returns the repository of the registry that a blob comes from; null if there is none. */
  private static @Nullable String origin(RegistryClient client, Blob blob) {
    Reference from = null;
    if (blob instanceof RemoteBlob remote) {
      from = remote.reference();
    } else if (blob instanceof RegistryLayer layer) {
      from = layer.source().repository();
    }
    return from != null && from.registry().equals(client.reference().registry())
        ? from.repository()
        : null;
  }
}
