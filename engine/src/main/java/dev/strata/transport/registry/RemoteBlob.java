package dev.strata.transport.registry;

import dev.strata.blob.Blob;
import dev.strata.blob.Blobs;
import dev.strata.blob.Descriptor;
import dev.strata.blob.HashingCopy;
import dev.strata.internal.http.TransientException;
import dev.strata.io.CorruptDataException;
import dev.strata.io.CorruptTransferException;
import dev.strata.oci.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A blob in a registry. A read continues after a lost connection from where it broke. Thread-safe;
 * valid as long as its client is open.
 */
final class RemoteBlob implements Blob {
  private static final int PIECE = 128 << 10;
  // After this much progress, retries are counted anew.
  private static final long PROGRESS = 1 << 20;
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes[ =](\\d{1,18})-\\d{1,18}(?:/.*)?");

  private final RegistryClient client;
  private final Descriptor descriptor;
  private final AtomicInteger wrongReads = new AtomicInteger();

  RemoteBlob(RegistryClient client, Descriptor descriptor) {
    this.client = client;
    this.descriptor = descriptor;
  }

  Reference reference() {
    return client.reference();
  }

  @Override
  public Descriptor descriptor() {
    return descriptor;
  }

  @Override
  public void writeTo(WritableByteChannel target) throws IOException {
    new Reading(target).run();
  }

  /** The exception for wrong bytes, which may be right when they are fetched again. */
  private CorruptDataException corrupt(String problem) {
    String message =
        "cannot read " + descriptor.digest() + " of " + client.reference() + ": " + problem;
    return wrongReads.incrementAndGet() <= client.options().retries()
        ? new CorruptTransferException(message + "; run the command again")
        : new CorruptDataException(message + "; the registry or a proxy is broken");
  }

  /** One pass over the blob. */
  private final class Reading {
    private final HashingCopy copy;
    private final byte[] piece = new byte[PIECE];
    private @Nullable IOException targetFailure;
    // Whether the server honours ranges, as far as is known.
    private boolean ranges = true;

    Reading(WritableByteChannel target) {
      copy = new HashingCopy(target, descriptor, RemoteBlob.this::corrupt);
    }

    void run() throws IOException {
      long furthest = 0;
      for (int retry = 1; copy.count() < descriptor.size(); retry++) {
        try {
          long from = ranges ? copy.count() : 0;
          client.readBlob(descriptor.digest(), from, response -> receive(response, from));
        } catch (TransientException e) {
          if (copy.count() >= furthest + PROGRESS) {
            furthest = copy.count();
            retry = 1;
          }
          if (retry > client.options().retries()) {
            throw client.giveUp("read " + descriptor.digest() + " of", retry, e);
          }
          client.pause(retry, e);
        }
        if (targetFailure != null) {
          throw targetFailure;
        }
      }
      copy.check();
    }

    /** Reads an answer to a request for the bytes from an offset; false if the target failed. */
    private boolean receive(HttpResponse<InputStream> response, long from) {
      long start = start(response, from);
      long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
      if (start < 0 || start > copy.count()) {
        ranges = false;
        throw TransientException.of("the server sent another range than the requested one");
      }
      if (length > descriptor.size() - start) {
        throw corrupt("it is larger than the recorded " + descriptor.size() + " bytes");
      }
      try {
        InputStream in = response.body();
        in.skipNBytes(copy.count() - start);
        int n;
        while ((n = in.read(piece)) >= 0) {
          if (!write(ByteBuffer.wrap(piece, 0, n))) {
            return false;
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      if (copy.count() < descriptor.size()) {
        throw TransientException.of("connection ended early");
      }
      return true;
    }

    /** Returns the offset of the first byte of an answer (RFC 9110, 14.4); -1 if it is unclear. */
    private static long start(HttpResponse<InputStream> response, long from) {
      if (response.statusCode() != 206) {
        // A server without ranges sends what is known already.
        return 0;
      }
      String range = response.headers().firstValue("Content-Range").orElse("");
      if (range.isEmpty()) {
        return from;
      }
      Matcher m = CONTENT_RANGE.matcher(range);
      return m.matches() ? Long.parseLong(m.group(1)) : -1;
    }

    private boolean write(ByteBuffer bytes) {
      try {
        Blobs.writeFully(copy, bytes);
        return true;
      } catch (IOException e) {
        targetFailure = e;
        return false;
      }
    }
  }
}
