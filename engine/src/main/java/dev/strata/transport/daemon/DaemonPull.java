package dev.strata.transport.daemon;

import dev.strata.blob.Blob;
import dev.strata.blob.CountingChannel;
import dev.strata.blob.Descriptor;
import dev.strata.image.ImageBlobs;
import dev.strata.io.StrataException;
import dev.strata.oci.Reference;
import dev.strata.serve.RegistryServer;
import dev.strata.transport.Transfer;
import dev.strata.transport.Workers;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Lets a local program pull an image from a registry that exists for that pull only. The program
 * requests only the layers it lacks. Stateless and thread-safe.
 */
final class DaemonPull {
  private static final Reference NAME = Reference.parse("strata/image");
  private static final int TAG_LENGTH = 16;

  private DaemonPull() {}

  /**
   * Runs a pull.
   *
   * @param puller pulls the image with the given name; returns false if it could not
   * @return whether the image was pulled
   * @throws StrataException if a layer cannot be read or does not match its digest, so that no
   *     other way of copying it would succeed
   * @throws CancellationException if the transfer is cancelled or the calling thread interrupted
   */
  static boolean run(ImageBlobs image, Transfer transfer, Predicate<Reference> puller) {
    Failure failure = new Failure(transfer.listener());
    List<Observed> layers = new ArrayList<>();
    ImageBlobs observed =
        image.withLayers(layer -> {
          Observed o = new Observed(layer, transfer.listener(), failure);
          layers.add(o);
          return o;
        });
    // A tag derived from the image, so that no program mistakes it for another image it has.
    String tag = image.config().descriptor().digest().hex().substring(0, TAG_LENGTH);
    Reference name = NAME.withTag(tag);
    boolean pulled;
    try (RegistryServer server = new RegistryServer.Builder(1).add(observed, name).start()) {
      pulled = Workers.call(failure, () -> puller.test(server.reference(name)));
    } catch (StrataException | CancellationException e) {
      StrataException cause = failure.get();
      throw cause == null ? e : cause;
    }
    StrataException cause = failure.get();
    if (cause != null) {
      throw cause;
    }
    if (pulled) {
      layers.stream()
          .filter(o -> !o.requested)
          .forEach(o -> transfer.listener().skipped(o.descriptor(), "exists"));
    }
    return pulled;
  }

  /** The first failure of a layer. It cancels the pull, which would be retried for a long time. */
  private static final class Failure implements Transfer.Listener {
    private final Transfer.Listener listener;
    private final AtomicReference<@Nullable StrataException> first = new AtomicReference<>();

    Failure(Transfer.Listener listener) {
      this.listener = listener;
    }

    @Override
    public boolean cancelled() {
      return first.get() != null || listener.cancelled();
    }

    void set(StrataException failure) {
      first.compareAndSet(null, failure);
    }

    @Nullable StrataException get() {
      return first.get();
    }
  }

  /** A layer that records whether it was requested and whether reading it failed. */
  private static final class Observed implements Blob {
    private final Blob layer;
    private final Transfer.Listener listener;
    private final Failure failure;
    private volatile boolean requested;

    Observed(Blob layer, Transfer.Listener listener, Failure failure) {
      this.layer = layer;
      this.listener = listener;
      this.failure = failure;
    }

    @Override
    public Descriptor descriptor() {
      return layer.descriptor();
    }

    @Override
    public void writeTo(WritableByteChannel target) throws IOException {
      requested = true;
      listener.started(layer);
      try {
        layer.writeTo(new CountingChannel(target, n -> listener.advanced(layer, n)));
      } catch (StrataException e) {
        failure.set(e);
        throw e;
      }
      listener.finished(layer, layer.descriptor());
    }
  }
}
