package dev.strata.transport.registry;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.PendingBlob;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.image.IndexBlobs;
import dev.strata.io.InvalidInputException;
import dev.strata.oci.Manifest;
import dev.strata.oci.Reference;
import dev.strata.transport.Destination;
import dev.strata.transport.Transfer;
import dev.strata.transport.Workers;
import java.util.ArrayList;
import java.util.List;

/**
 * Pushes images to a repository of a registry (OCI distribution specification 1.1). First finds out
 * which layers the registry has, several at once, and never reads these; the others stream from
 * their source into the requests. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class RegistryDestination implements Destination {
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
      BlobPush.Result pushed = pushBlobs(client, List.of(image), transfer);
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
    try (BlobUpload upload =
        new BlobUpload(client, blob, BlobPush.mountFrom(client, blob), transfer.listener())) {
      if (upload.isMissing()) {
        upload.run();
      }
    }
  }

  @Override
  public Descriptor writeIndex(IndexBlobs index, Transfer transfer) {
    try (RegistryClient client = client(transfer)) {
      BlobPush.Result pushed = pushBlobs(client, index.images(), transfer);
      IndexBlobs now = index.withImages(pushed::in);
      for (Blob manifest : now.manifests()) {
        push(client, manifest.descriptor().digest().value(), manifest, pushed.changed());
      }
      return pushTagged(client, now.index(), pushed.changed());
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
  private BlobPush.Result pushBlobs(
      RegistryClient client, List<ImageBlobs> images, Transfer transfer) {
    return new BlobPush(client, images, replacedTags(), transfer).run();
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
}
