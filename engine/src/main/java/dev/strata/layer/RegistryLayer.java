package dev.strata.layer;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.io.NotFoundException;
import dev.strata.io.TlsException;
import dev.strata.io.UnreachableException;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The blob of a layer that lies in a registry and not on this machine. A destination that has the
 * layer, or can mount it from its repository, does not read it. Whoever knows how to access the
 * registry adds the bytes with {@link #withBytes}. Immutable and thread-safe if the added blob is.
 *
 * @since 0.1.0
 */
public final class RegistryLayer implements Blob {
  private final Descriptor descriptor;
  private final LayerSource source;
  private final @Nullable Blob bytes;

  /**
   * Creates a blob whose bytes cannot be read.
   *
   * @param descriptor its media type, digest and size
   * @param source where it lies
   */
  public RegistryLayer(Descriptor descriptor, LayerSource source) {
    this(descriptor, source, null);
  }

  private RegistryLayer(Descriptor descriptor, LayerSource source, @Nullable Blob bytes) {
    this.descriptor = descriptor;
    this.source = source;
    this.bytes = bytes;
  }

  /**
   * Returns the same layer with its bytes.
   *
   * @param reader returns the blob in the registry for a descriptor; called once, now
   * @return a blob that reads that one
   */
  public RegistryLayer withBytes(Function<Descriptor, Blob> reader) {
    return new RegistryLayer(descriptor, source, reader.apply(descriptor));
  }

  @Override
  public Descriptor descriptor() {
    return descriptor;
  }

  /**
   * Returns where the layer lies.
   *
   * @return the repository
   */
  public LayerSource source() {
    return source;
  }

  /**
   * {@inheritDoc}
   *
   * @throws NotFoundException if the repository does not have the layer, or the bytes have not been
   *     added
   * @throws UnreachableException if the registry cannot be reached
   */
  @Override
  public void writeTo(WritableByteChannel target) throws IOException {
    if (bytes == null) {
      throw new NotFoundException(
          "cannot read the layer "
              + descriptor.digest()
              + ": it is not on this machine, but in "
              + source.repository()
              + "; open the image as a source, which reads registries");
    }
    try {
      bytes.writeTo(target);
    } catch (NotFoundException e) {
      throw new NotFoundException(
          "cannot read the layer "
              + descriptor.digest()
              + " of the base image: "
              + source.repository()
              + " does not have it; check the name of the repository, or push the base image there"
              + " again",
          e);
    } catch (TlsException e) {
      // Its message names the registry, and callers need its type.
      throw e;
    } catch (UnreachableException e) {
      throw new UnreachableException(
          "cannot read the layer "
              + descriptor.digest()
              + ", which is in "
              + source.repository()
              + " and not on this machine: "
              + e.getMessage(),
          e.attempts(),
          e);
    }
  }
}
