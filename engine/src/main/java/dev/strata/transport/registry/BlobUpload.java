package dev.strata.transport.registry;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.PendingBlob;
import dev.strata.internal.http.ServerError;
import dev.strata.internal.http.TransientException;
import dev.strata.io.StrataException;
import dev.strata.transport.Transfer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Uploads one blob to a registry (distribution specification 1.1, "Pushing blobs"): mounts it from
 * another repository, or sends it in one request or in several. After a lost connection, continues
 * from the offset that the registry reports. Not thread-safe; used once.
 */
final class BlobUpload implements AutoCloseable {
  private static final String OCTETS = "application/octet-stream";
  // After this much progress, retries are counted anew, so that large blobs arrive over poor lines.
  private static final long PROGRESS = 1 << 20;

  private final RegistryClient client;
  private final Blob blob;
  private final Transfer.Listener listener;
  private final List<String> mountFrom;

  private @Nullable BlobStream begun;
  private @Nullable Descriptor descriptor;
  private @Nullable URI location;
  private long offset;
  private long furthest;
  private long minimumChunk;

  BlobUpload(RegistryClient client, Blob blob, List<String> mountFrom, Transfer.Listener listener) {
    this.client = client;
    this.blob = blob;
    this.mountFrom = mountFrom;
    this.listener = listener;
    this.descriptor = PendingBlob.known(blob).orElse(null);
  }

  /** Returns the blob's descriptor; null if it is not known yet. */
  @Nullable Descriptor known() {
    return descriptor;
  }

  /** Starts to read the blob before the upload begins. */
  void beginReading() {
    begun = stream(-1);
    begun.start();
  }

  /** Ends a read that was begun ahead and not used. */
  @Override
  public void close() {
    if (begun != null) {
      begun.close();
    }
  }

  /**
   * Uploads the blob.
   *
   * @return the blob's descriptor
   */
  Descriptor run() {
    try {
      if (descriptor != null && mount(descriptor)) {
        listener.skipped(descriptor, "mounted");
        return descriptor;
      }
      listener.started(blob);
      Descriptor done = upload();
      listener.finished(blob, done);
      return done;
    } finally {
      abandon();
    }
  }

  private Descriptor upload() {
    for (int retry = 1; ; retry++) {
      try {
        return attempt(retry);
      } catch (TransientException e) {
        if (offset >= furthest + PROGRESS) {
          furthest = offset;
          retry = 1;
        }
        if (retry > client.options().retries()) {
          throw client.giveUp("push " + name() + " to", retry, e);
        }
        client.pause(retry, e);
      }
    }
  }

  private String name() {
    return descriptor == null ? "a layer" : String.valueOf(descriptor.digest());
  }

  /** Tries to mount the blob from other repositories of the registry. */
  private boolean mount(Descriptor wanted) {
    for (String from : mountFrom) {
      RegistryClient.Answer answer = client.mount(wanted.digest(), from);
      if (answer == null) {
        continue;
      }
      if (answer.status() == 201) {
        return true;
      }
      if (answer.status() == 202) {
        // The registry does not have the blob there, and has opened an upload instead.
        opened(answer);
        return false;
      }
    }
    return false;
  }

  private Descriptor attempt(int retry) {
    if (begun == null && descriptor == null) {
      // The whole blob may have been read before the connection was lost.
      descriptor = PendingBlob.known(blob).orElse(null);
    }
    if (retry > 1 && descriptor != null && location != null && client.hasBlob(descriptor)) {
      // The upload succeeded; only the answer was lost.
      location = null;
      return descriptor;
    }
    if (retry > 1 && location != null) {
      findOffset();
    }
    if (location == null) {
      start();
    }
    Descriptor known = descriptor;
    BlobStream next = begun == null ? stream(known == null ? -1 : known.size()) : begun;
    begun = null;
    try (BlobStream stream = next) {
      try {
        return send(stream, known);
      } catch (RuntimeException e) {
        RuntimeException own = stream.failure();
        throw own == null ? e : own;
      }
    }
  }

  private BlobStream stream(long size) {
    return new BlobStream(blob, size, offset, n -> listener.advanced(blob, n));
  }

  private void start() {
    RegistryClient.Answer answer =
        client.checked(
            client.call(
                "POST", client.uri("blobs/uploads/"), Map.of("Content-Type", OCTETS), null));
    if (answer.status() != 202) {
      throw client.refusal("push a layer to", answer);
    }
    opened(answer);
  }

  private void opened(RegistryClient.Answer answer) {
    String where = answer.header("Location");
    if (where.isEmpty()) {
      throw new StrataException(
          "cannot push a layer to "
              + client.reference()
              + ": the registry sent no address for the upload; report this to its operator");
    }
    location = client.resolve(answer.uri(), where);
    String minimum = answer.header("OCI-Chunk-Min-Length");
    if (minimum.matches("\\d{1,18}")) {
      minimumChunk = Long.parseLong(minimum);
    }
    offset = 0;
  }

  /** Finds out how much the registry has received; starts anew if it does not know the upload. */
  private void findOffset() {
    URI at = Objects.requireNonNull(location);
    RegistryClient.Answer answer = client.call("GET", at, Map.of(), null);
    long known = answer.status() == 204 ? received(answer) : -1;
    if (known < 0 || descriptor != null && known > descriptor.size()) {
      abandon();
      return;
    }
    offset = known;
    follow(answer);
  }

  /** Returns the number of bytes of a {@code Range: 0-N}; -1 if there is none. */
  private static long received(RegistryClient.Answer answer) {
    String range = answer.header("Range").replaceFirst("^bytes=", "");
    if (!range.matches("0-\\d{1,18}")) {
      return -1;
    }
    long last = Long.parseLong(range.substring(2));
    // The specification's example has "0-0" for an empty upload too, so send one byte again.
    return last == 0 ? 0 : last + 1;
  }

  private void follow(RegistryClient.Answer answer) {
    String where = answer.header("Location");
    if (!where.isEmpty()) {
      location = client.resolve(answer.uri(), where);
    }
  }

  private Descriptor send(BlobStream stream, @Nullable Descriptor known) {
    long chunk = client.options().chunkSize();
    if (chunk > 0) {
      chunk = Math.max(chunk, minimumChunk);
    }
    if (known == null) {
      patch(stream, -1);
      Descriptor made = blob.descriptor();
      if (offset != made.size()) {
        throw restart(
            "the registry has " + offset + " bytes of a layer of " + made.size() + " bytes");
      }
      descriptor = made;
      return close(made, stream, 0);
    }
    if (offset == 0 && (chunk == 0 || known.size() <= chunk)) {
      return close(known, stream, known.size());
    }
    while (offset < known.size()) {
      long rest = known.size() - offset;
      patch(stream, chunk == 0 ? rest : Math.min(chunk, rest));
    }
    return close(known, stream, 0);
  }

  /** Sends a part; all the rest if {@code length} is -1. */
  private void patch(BlobStream stream, long length) {
    Map<String, String> headers = new TreeMap<>(Map.of("Content-Type", OCTETS));
    if (length >= 0) {
      headers.put("Content-Range", offset + "-" + (offset + length - 1));
    }
    RegistryClient.Answer answer =
        client.upload(
            "PATCH",
            Objects.requireNonNull(location),
            headers,
            stream.next(length),
            stream::idleNanos);
    if (answer.status() != 202 && answer.status() != 201 && answer.status() != 204) {
      throw failed(answer);
    }
    long end = stream.position();
    long received = received(answer);
    if (received > 1 && received != end) {
      throw restart("the registry has " + received + " of " + end + " bytes of " + name());
    }
    offset = end;
    follow(answer);
  }

  /** Finishes the upload, and sends the last bytes if {@code length} is not 0. */
  private Descriptor close(Descriptor known, BlobStream stream, long length) {
    HttpRequest.BodyPublisher body =
        length == 0 ? HttpRequest.BodyPublishers.noBody() : stream.next(length);
    URI at = Objects.requireNonNull(location);
    String separator = at.getRawQuery() == null ? "?" : "&";
    URI target = URI.create(at + separator + "digest=" + known.digest());
    RegistryClient.Answer answer =
        client.upload("PUT", target, Map.of("Content-Type", OCTETS), body, stream::idleNanos);
    if (answer.status() != 201 && answer.status() != 204 && answer.status() != 200) {
      throw failed(answer);
    }
    location = null;
    client.checkStored(known.digest(), answer);
    return known;
  }

  /** Returns the exception for a refused part: one that leads to a new start, or the final one. */
  private StrataException failed(RegistryClient.Answer answer) {
    boolean lost =
        answer.status() == 404
            || answer.status() == 416
            || ServerError.hasCode(answer.body(), "DIGEST_INVALID")
            || ServerError.hasCode(answer.body(), "BLOB_UPLOAD");
    boolean moved = RegistryClient.isRedirect(answer.status());
    if (answer.status() == 416) {
      return TransientException.of(client.describe(answer));
    }
    if (moved) {
      return restart(client.describe(answer));
    }
    return lost ? restart(client.describe(answer)) : client.refusal("push a layer to", answer);
  }

  private TransientException restart(String problem) {
    abandon();
    offset = 0;
    return TransientException.of(problem);
  }

  /** Has an unfinished upload deleted in the end. */
  private void abandon() {
    if (location != null) {
      client.abandon(location);
      location = null;
    }
  }
}
