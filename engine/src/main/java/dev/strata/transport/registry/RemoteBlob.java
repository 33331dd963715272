package dev.strata.transport.registry;

import dev.strata.blob.Blob;
import dev.strata.blob.Blobs;
import dev.strata.blob.Descriptor;
import dev.strata.blob.HashingCopy;
import dev.strata.internal.http.TransientException;
import dev.strata.io.CorruptDataException;
import dev.strata.oci.Reference;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * A blob in a registry. A read continues after a lost connection from where it broke. Thread-safe;
 * valid as long as its client is open.
 */
final class RemoteBlob implements Blob {
  private static final int PIECE = 128 << 10;
  // After this much progress, retries are counted anew.
  private static final long PROGRESS = 1 << 20;

  private final RegistryClient client;
  private final Descriptor descriptor;

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

  private CorruptDataException corrupt(String problem) {
    return new CorruptDataException(
        "cannot read "
            + descriptor.digest()
            + " of "
            + client.reference()
            + ": "
            + problem
            + "; the registry or a proxy is broken");
  }

  /** One pass over the blob. */
  private final class Reading {
    private final HashingCopy copy;
    private final byte[] piece = new byte[PIECE];
    private @Nullable IOException targetFailure;

    Reading(WritableByteChannel target) {
      copy = new HashingCopy(target, descriptor, RemoteBlob.this::corrupt);
    }

    void run() throws IOException {
      long furthest = 0;
      for (int retry = 1; copy.count() < descriptor.size(); retry++) {
        try {
          client.readBlob(descriptor.digest(), copy.count(), this::receive);
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

    /** Reads an answer; returns false if the target failed. */
    private boolean receive(HttpResponse<InputStream> response) {
      // A server without ranges sends what is known already.
      long skip = response.statusCode() == 206 ? 0 : copy.count();
      try {
        InputStream in = response.body();
        in.skipNBytes(skip);
        int n;
        while ((n = in.read(piece)) >= 0) {
          if (!write(ByteBuffer.wrap(piece, 0, n))) {
            return false;
          }
        }
      } catch (IOException e) {
        throw client.failure(response.request().uri(), e);
      }
      if (copy.count() < descriptor.size()) {
        throw TransientException.of("connection ended early");
      }
      return true;
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
