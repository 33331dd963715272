package dev.strata.blob;

import dev.strata.io.FileNames;
import dev.strata.io.NotFoundException;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.function.Supplier;

/**
 * A layer whose descriptor lists addresses to download it from (OCI image specification 1.1, {@code
 * descriptor.md}, {@code urls}), such as the base layers of Windows images, whose licence restricts
 * who may distribute them. Destinations that can hold such a descriptor leave the layer where it
 * is; others read it from the source, which need not have it. The addresses are never opened.
 * Immutable and thread-safe if the blob of the source is.
 *
 * @since 0.1.0
 */
public final class ForeignBlob implements Blob {
  private final Descriptor descriptor;
  private final List<String> urls;
  private final Supplier<Blob> stored;

  /**
   * Creates a blob; reads nothing yet.
   *
   * @param descriptor its media type, digest and size
   * @param urls where it can be downloaded, at least one address
   * @param stored finds the blob in the source; called when it is read
   */
  public ForeignBlob(Descriptor descriptor, List<String> urls, Supplier<Blob> stored) {
    this.descriptor = descriptor;
    this.urls = List.copyOf(urls);
    this.stored = stored;
  }

  @Override
  public Descriptor descriptor() {
    return descriptor;
  }

  /**
   * {@inheritDoc}
   *
   * @throws NotFoundException if the source does not have the layer
   */
  @Override
  public void writeTo(WritableByteChannel target) throws IOException {
    try {
      stored.get().writeTo(target);
    } catch (NotFoundException e) {
      throw new NotFoundException(
          "the source does not have the foreign layer "
              + descriptor.digest()
              + ", and layers are not downloaded from the addresses in a manifest; download "
              + FileNames.quote(urls.getFirst())
              + " and add it to the source, or copy to a destination that keeps foreign layers as"
              + " they are (a registry or an OCI layout)",
          e);
    }
  }
}
