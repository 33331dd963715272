package dev.strata.transport.daemon;

import dev.strata.blob.Blob;
import dev.strata.blob.CountingChannel;
import dev.strata.blob.Descriptor;
import dev.strata.image.ImageBlobs;
import dev.strata.io.StrataException;
import dev.strata.oci.Reference;
import dev.strata.serve.RegistryServer;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Lets a program of this machine pull an image from a registry that lives as long as the pull. What
 * the program has already it does not ask for. Stateless and thread-safe.
 */
final class DaemonPull {
  private static final Reference NAME = Reference.parse("strata/image");
  private static final int TAG_LENGTH = 16;

  private DaemonPull() {}

  /**
   * Runs a pull.
   *
   * @param puller pulls the image of the given name; false if it could not
   * @return whether it could
   * @throws StrataException if a layer's bytes were not those of its digest: no other way will do
   */
  static boolean run(ImageBlobs image, Transfer transfer, Predicate<Reference> puller) {
    Failure failure = new Failure();
    List<Observed> layers = new ArrayList<>();
    ImageBlobs observed =
        image.withLayers(layer -> {
          Observed o = new Observed(layer, transfer.listener(), failure);
          layers.add(o);
          return o;
        });
    // A tag of its own, so that programs don't take it for an image they know.
    String tag = image.config().descriptor().digest().hex().substring(0, TAG_LENGTH);
    Reference name = NAME.withTag(tag);
    boolean pulled;
    try (RegistryServer server = new RegistryServer.Builder(1).add(observed, name).start()) {
      pulled = puller.test(server.reference(name));
    } catch (StrataException | CancellationException e) {
      StrataException cause = failure.end();
      throw cause == null ? e : cause;
    }
    StrataException wrongBytes = failure.end();
    if (wrongBytes != null) {
      throw wrongBytes;
    }
    if (pulled) {
      layers.stream()
          .filter(o -> !o.asked)
          .forEach(o -> transfer.listener().skipped(o.descriptor(), "exists"));
    }
    return pulled;
  }

  /** What went wrong with a layer first; it ends the pull, which else is tried again for long. */
  private static final class Failure {
    private final Thread pulling = Thread.currentThread();
    private @Nullable StrataException first;
    private boolean ended;

    synchronized void happened(StrataException failure) {
      if (first == null) {
        first = failure;
        if (!ended) {
          pulling.interrupt();
        }
      }
    }

    /** To be called by the thread that pulls, when it does no more. */
    synchronized @Nullable StrataException end() {
      ended = true;
      if (first != null) {
        // The interrupt was ours.
        Thread.interrupted();
      }
      return first;
    }
  }

  /** A layer that tells when it is asked for, and keeps what goes wrong. */
  private static final class Observed implements Blob {
    private final Blob layer;
    private final Transfer.Listener listener;
    private final Failure failure;
    private volatile boolean asked;

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
      asked = true;
      listener.started(layer);
      try {
        layer.writeTo(new CountingChannel(target, n -> listener.advanced(layer, n)));
      } catch (StrataException e) {
        failure.happened(e);
        throw e;
      }
      listener.finished(layer, layer.descriptor());
    }
  }
}
