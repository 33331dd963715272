package dev.strata.transport.registry;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.PendingBlob;
import dev.strata.compress.CompressedBlob;
import dev.strata.internal.http.Locations;
import dev.strata.internal.http.ServerError;
import dev.strata.internal.http.TransientException;
import dev.strata.io.CorruptTransferException;
import dev.strata.io.StrataException;
import dev.strata.transport.Transfer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Uploads one blob to a registry (distribution specification 1.1, "Pushing blobs"): mounts it from
 * another repository, or sends it in one request or in several, and in another way if the registry
 * refuses the first. After a lost connection, continues from the offset that the registry reports.
 * Not thread-safe; used once.
 */
final class BlobUpload implements AutoCloseable {
  private static final String OCTETS = "application/octet-stream";
  private static final byte[] NO_BYTES = {};
  // The answers of registries and proxies that support a request only in another form.
  private static final Set<Integer> OTHER_WAY =
      Set.of(400, 403, 404, 405, 406, 411, 415, 422, 501, 505);
  // After this much progress, retries are counted anew, so that large blobs arrive over poor lines.
  private static final long PROGRESS = 1 << 20;

  private final RegistryClient client;
  private final Blob blob;
  private final Transfer.Listener listener;
  private final List<String> mountFrom;
  // Another repository that an earlier copy has noted for the blob.
  private @Nullable String noted;
  // Whether the repository probably lacks the blob, so that asking would be in vain.
  private boolean isProbablyNew;
  // Whether to send the blob without asking for it.
  private boolean isUnasked;
  private final long chunk;
  private final Set<UploadWay> refused = EnumSet.noneOf(UploadWay.class);
  private final Set<UploadWay> definite = EnumSet.noneOf(UploadWay.class);

  private @Nullable BlobStream begun;
  private @Nullable SpooledBlob spooled;
  private @Nullable Descriptor descriptor;
  private @Nullable URI location;
  // Where the upload ends, if a redirect names it.
  private @Nullable URI end;
  private long offset;
  private long furthest;
  private long furthestSent;
  private long minimumChunk;
  private int redirects;
  private boolean resumable = true;
  private UploadWay used = UploadWay.WHOLE;
  private @Nullable StrataException refusal;
  // Whether the registry has said that it lacks the blob.
  private boolean asked;
  private boolean isNew;
  private final @Nullable UnfinishedUploads uploads;
  // Whether an upload of another process has been looked for.
  private boolean looked;

  BlobUpload(RegistryClient client, Blob blob, List<String> mountFrom, Transfer.Listener listener) {
    this.client = client;
    this.blob = blob;
    this.mountFrom = mountFrom;
    this.listener = listener;
    this.chunk = client.options().chunkSize();
    this.uploads = client.options().unfinishedUploads();
    this.descriptor = PendingBlob.known(blob).orElse(null);
  }

  Blob blob() {
    return blob;
  }

  /** Returns the blob's descriptor; null if it is not known yet. */
  @Nullable Descriptor known() {
    return descriptor;
  }

  /**
   * Mounts the blob from a repository that had it when an earlier copy noted that.
   *
   * @param isNew whether the blob is probably new to its own repository
   */
  void mountFromNoted(String repository, boolean isNew) {
    noted = repository;
    isProbablyNew = isNew;
  }

  /**
   * Chooses whether to send the blob without asking the registry for it: it almost certainly lacks
   * the blob, which is small.
   */
  void skipQuestion(boolean skip) {
    isUnasked = skip;
  }

  /** Starts to read the blob before the upload begins, if it can be sent as it is read. */
  void beginReading() {
    if (way() == UploadWay.STREAM) {
      begun = stream(-1);
      begun.start();
    }
  }

  /** Ends a read that was begun ahead and not used. */
  @Override
  public void close() {
    if (begun != null) {
      begun.close();
      begun = null;
    }
    if (spooled != null) {
      spooled.close();
    }
  }

  /**
   * Uploads the blob.
   *
   * @return the blob's descriptor
   */
  Descriptor run() {
    Object key = key();
    client.beginSending(key);
    try {
      // Another copy may have sent the blob meanwhile.
      Descriptor found = findKnown(key);
      Descriptor done = found == null ? send(key) : found;
      descriptor = done;
      client.blobs().add(client.reference().repository(), done.digest());
      return done;
    } finally {
      client.blobs().end(key);
      if (isSaved()) {
        // Another process may continue it.
        location = null;
      }
      abandon();
    }
  }

  /** Returns what identifies the blob; a layer that is compressed, before its digest is known. */
  Object key() {
    if (blob instanceof CompressedBlob layer) {
      return layer.diffId() + " " + layer.mediaType();
    }
    Optional<Descriptor> known = PendingBlob.known(blob);
    return known.isPresent() ? known.get().digest() : blob;
  }

  /** Returns the blob's descriptor if the repository has it now, or mounts it; otherwise null. */
  private @Nullable Descriptor findKnown(Object key) {
    if (descriptor == null && begun == null) {
      descriptor = PendingBlob.known(blob).orElse(null);
    }
    Descriptor made = descriptor == null && begun == null ? client.blobs().made(key) : descriptor;
    if (made == null) {
      return null;
    }
    if (client.blobs().has(client.reference().repository(), made.digest())) {
      listener.skipped(made, "exists");
      return made;
    }
    if (mount(made)) {
      listener.skipped(made, "mounted");
      return made;
    }
    if (!asked && !isUnasked && client.hasBlob(made)) {
      listener.skipped(made, "exists");
      return made;
    }
    return null;
  }

  private Descriptor send(Object key) {
    listener.started(blob);
    Descriptor done = upload();
    // The registry may have had a blob for which it was not asked.
    isNew = !isUnasked;
    client.blobs().made(key, done);
    listener.finished(blob, done);
    return done;
  }

  /** Asks the registry whether it lacks the blob, unless that is known. */
  boolean isMissing() {
    Descriptor known = descriptor;
    if (known == null) {
      return true;
    }
    KnownBlobs blobs = client.blobs();
    String repository = client.reference().repository();
    if (!blobs.has(repository, known.digest())) {
      if (canSkipQuestion() && !client.options().layersPresent()) {
        return true;
      }
      if (!client.hasBlob(known)) {
        asked = true;
        isNew = true;
        return true;
      }
      blobs.add(repository, known.digest());
    }
    listener.skipped(known, "exists");
    return false;
  }

  /** Returns whether another repository of the registry has the blob, or is about to have it. */
  boolean isMountable() {
    Descriptor known = descriptor;
    return known != null && noted != null || isSharedWithin();
  }

  /** Returns whether a mount or an upload takes fewer requests than to ask for the blob first. */
  private boolean canSkipQuestion() {
    return isUnasked || isProbablyNew || isSharedWithin();
  }

  /** Returns whether another copy of the session has sent the blob, or is sending it. */
  private boolean isSharedWithin() {
    Descriptor known = descriptor;
    return known != null && client.blobs().mountable(known.digest()) != null
        || client.blobs().isBeingSent(key());
  }

  /** Returns whether the repository certainly lacked the blob. */
  boolean isNew() {
    return isNew;
  }

  private Descriptor upload() {
    for (int retry = 1; ; retry++) {
      try {
        Descriptor done = attempt(retry);
        definite.remove(used);
        client.refusedWays().addAll(definite);
        return done;
      } catch (TransientException e) {
        if (offset >= furthest + PROGRESS) {
          furthest = offset;
          retry = 1;
        }
        if (retry > client.options().retries()) {
          throw client.giveUp("push " + name() + " to", retry, e);
        }
        if (e.getCause() == null && e.retryAfter().isEmpty() && retry > 1 && tryAnotherWay()) {
          // The server may have answered with an error to what it does not support.
          restart("");
        }
        client.pause(retry, e);
      } catch (CorruptTransferException e) {
        // The source of a copy sent wrong bytes; it limits how often it is read again.
        client.pause(retry, restart(String.valueOf(e.getMessage())));
      }
    }
  }

  /** Returns how the bytes are sent: the first way of those that fit that was not refused. */
  private UploadWay way() {
    Descriptor known = descriptor;
    if (known == null) {
      boolean streams = chunk == 0 && !isRefused(UploadWay.STREAM);
      return streams && spooled == null ? UploadWay.STREAM : UploadWay.WHOLE;
    }
    boolean split = chunk > 0 && known.size() > Math.max(chunk, minimumChunk);
    UploadWay wanted = split ? UploadWay.PARTS : UploadWay.WHOLE;
    UploadWay other = split ? UploadWay.WHOLE : UploadWay.PARTS;
    return isRefused(wanted) && !refused.contains(other) ? other : wanted;
  }

  private boolean isRefused(UploadWay way) {
    return refused.contains(way) || client.refusedWays().contains(way);
  }

  /** Avoids the way that was used last from now on; returns whether there is another one. */
  private boolean tryAnotherWay() {
    refused.add(used);
    return !refused.contains(way());
  }

  private String name() {
    return descriptor == null ? "a layer" : String.valueOf(descriptor.digest());
  }

  /** Tries to mount the blob from other repositories of the registry. A refusal is not an error. */
  private boolean mount(Descriptor wanted) {
    String certain = client.blobs().mountable(wanted.digest());
    if (certain != null && !mountFrom.contains(certain)) {
      if (mount(wanted, List.of(certain))) {
        return true;
      }
      client.blobs().refuseMounts(certain);
      if (location != null) {
        return false;
      }
    }
    String from = noted;
    if (from != null && !from.equals(certain)) {
      if (mount(wanted, List.of(from))) {
        return true;
      }
      client.options().blobLocations().remove(client.reference().registry(), wanted.digest(), from);
      if (location != null) {
        return false;
      }
    }
    return mount(wanted, mountFrom);
  }

  private boolean mount(Descriptor wanted, List<String> repositories) {
    for (String from : repositories) {
      try {
        RegistryClient.Answer answer = client.mount(wanted.digest(), from);
        if (answer == null) {
          continue;
        }
        if (answer.status() == 201) {
          return true;
        }
        if (!RegistryClient.isSuccess(answer.status())) {
          continue;
        }
        if (answer.status() != 202 && client.hasBlob(wanted)) {
          return true;
        }
        if (!answer.header("Location").isEmpty()) {
          // The registry does not have the blob there, and has opened an upload instead.
          opened(answer);
          return false;
        }
      } catch (StrataException _) {
        // The account may not read the other repository, or the registry does not support this.
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
    while (true) {
      if (descriptor == null && way() != UploadWay.STREAM) {
        Descriptor made = spool();
        if (client.hasBlob(made)) {
          return made;
        }
      }
      if (location == null) {
        continueSaved();
      }
      if (location == null) {
        start();
      }
      Descriptor known = descriptor;
      Descriptor done = known != null && isSmall(known) ? sendSmall(known) : sendAll(known);
      if (done != null) {
        forget();
        return done;
      }
    }
  }

  /** Returns whether another process could continue the upload. */
  private boolean isSaved() {
    return uploads != null && location != null && descriptor != null && descriptor.size() > chunk;
  }

  private void save() {
    Descriptor known = descriptor;
    URI at = location;
    if (isSaved() && uploads != null && known != null && at != null) {
      uploads.save(client.reference(), known, at.toString(), offset);
    }
  }

  private void forget() {
    if (uploads != null && descriptor != null) {
      uploads.remove(client.reference(), descriptor.digest());
    }
  }

  /** Continues an upload of another process if there is one and the registry still has it. */
  private void continueSaved() {
    Descriptor known = descriptor;
    if (uploads == null || known == null || looked) {
      return;
    }
    looked = true;
    UnfinishedUploads.Upload saved = uploads.find(client.reference(), known.digest());
    if (saved == null) {
      return;
    }
    try {
      location = client.savedAddress(saved.location());
    } catch (StrataException _) {
      // Not an address of this registry.
      forget();
      return;
    }
    furthestSent = known.size();
    findOffset();
  }

  /** Produces a blob whose size has to be known before it is sent. */
  private Descriptor spool() {
    spooled = SpooledBlob.of(blob, client.options().temporaryFolder());
    descriptor = spooled.descriptor();
    return descriptor;
  }

  /** Returns whether a blob is worth reading before it is sent, and is to be sent as a whole. */
  private boolean isSmall(Descriptor known) {
    return known.size() <= SmallBody.MOST && offset == 0 && way() == UploadWay.WHOLE;
  }

  /** Sends a small blob; returns null if it has to be sent again to another address or way. */
  private @Nullable Descriptor sendSmall(Descriptor known) {
    byte[] bytes = SmallBody.read(spooled == null ? blob : spooled, known);
    used = UploadWay.WHOLE;
    furthestSent = bytes.length;
    long sent = System.nanoTime();
    RegistryClient.Answer answer =
        client.upload(
            "PUT",
            endOf(known),
            Map.of("Content-Type", OCTETS),
            HttpRequest.BodyPublishers.ofByteArray(bytes),
            () -> (System.nanoTime() - sent) / BlobStream.PATIENCE_FOR_ANSWER);
    listener.advanced(blob, bytes.length);
    return finished(known, answer);
  }

  /** Sends the bytes; returns null if they have to be sent again to another address or way. */
  private @Nullable Descriptor sendAll(@Nullable Descriptor known) {
    BlobStream next = begun == null ? stream(known == null ? -1 : known.size()) : begun;
    begun = null;
    used = way();
    try (BlobStream stream = next) {
      try {
        return send(stream, known);
      } catch (RuntimeException e) {
        Throwable own = stream.failure();
        if (own instanceof Error error) {
          throw error;
        }
        throw own instanceof RuntimeException failed ? failed : e;
      } finally {
        furthestSent = Math.max(furthestSent, stream.position());
      }
    }
  }

  private BlobStream stream(long size) {
    Blob source = spooled == null ? blob : spooled;
    return new BlobStream(source, size, offset, n -> listener.advanced(blob, n));
  }

  private void start() {
    RegistryClient.Answer answer =
        client.checked(
            client.call(
                "POST", client.uri("blobs/uploads/"), Map.of("Content-Type", OCTETS), null));
    if (!RegistryClient.isSuccess(answer.status())) {
      throw refusal == null ? client.refusal(RegistryClient.PUSH_LAYER, answer) : refusal;
    }
    opened(answer);
  }

  private void opened(RegistryClient.Answer answer) {
    if (answer.header("Location").isEmpty()) {
      throw new StrataException(
          "cannot push a layer to "
              + client.reference()
              + ": the registry sent no address for the upload; report this to its operator");
    }
    location = client.uploadAddress(answer);
    end = null;
    redirects = 0;
    String minimum = answer.header("OCI-Chunk-Min-Length");
    if (minimum.matches("\\d{1,18}")) {
      minimumChunk = Long.parseLong(minimum);
    }
    offset = 0;
    save();
  }

  /** Finds out how much the registry has received; starts anew if that is not certain. */
  private void findOffset() {
    RegistryClient.Answer answer =
        client.once("GET", Objects.requireNonNull(location), Map.of(), null);
    long known = RegistryClient.isSuccess(answer.status()) && resumable ? received(answer) : -1;
    if (known < 0 || known > furthestSent || descriptor != null && known > descriptor.size()) {
      abandon();
      return;
    }
    offset = known;
    follow(answer);
  }

  /** Returns the number of bytes of a {@code Range: 0-N}; -1 if there is none. */
  private static long received(RegistryClient.Answer answer) {
    String range = answer.header("Range").replaceFirst("^bytes[= ]", "");
    if (!range.matches("0-\\d{1,18}")) {
      return -1;
    }
    long last = Long.parseLong(range.substring(2));
    // The specification's example has "0-0" for an empty upload too, so send one byte again.
    return last == 0 ? 0 : last + 1;
  }

  private void follow(RegistryClient.Answer answer) {
    if (!answer.header("Location").isEmpty()) {
      location = client.uploadAddress(answer);
    }
  }

  private @Nullable Descriptor send(BlobStream stream, @Nullable Descriptor known) {
    if (known == null) {
      if (!patch(stream, -1)) {
        return null;
      }
      Descriptor made = PendingBlob.known(blob).orElse(null);
      if (made == null || offset != made.size()) {
        throw restart("the registry answered before it had received all bytes");
      }
      descriptor = made;
      return finish(made, stream, 0);
    }
    if (offset == 0 && used == UploadWay.WHOLE) {
      return finish(known, stream, known.size());
    }
    long most = chunk == 0 ? Long.MAX_VALUE : Math.max(chunk, minimumChunk);
    while (offset < known.size()) {
      if (!patch(stream, Math.min(most, known.size() - offset))) {
        return null;
      }
    }
    return finish(known, stream, 0);
  }

  /**
   * Sends a part; all the rest if {@code length} is -1. Returns whether the registry accepted it;
   * otherwise it has to be sent again.
   */
  private boolean patch(BlobStream stream, long length) {
    Map<String, String> headers = new TreeMap<>(Map.of("Content-Type", OCTETS));
    if (length >= 0) {
      headers.put("Content-Range", offset + "-" + (offset + length - 1));
    }
    URI at = Objects.requireNonNull(location);
    RegistryClient.Answer answer =
        client.upload("PATCH", at, headers, stream.next(length), stream::idleNanos);
    if (client.isMoved(answer)) {
      location = client.nextAddress(answer, redirects++);
      return false;
    }
    if (!RegistryClient.isSuccess(answer.status())) {
      return refused(answer);
    }
    if (length >= 0 && stream.position() != offset + length) {
      throw restart("the registry answered before it had received all bytes");
    }
    // The Range of the answer says how much the registry has, but registries differ in what they
    // count: ECR the first part, zot the last one, others one byte too many. The digest decides.
    offset = stream.position();
    redirects = 0;
    follow(answer);
    save();
    return true;
  }

  /**
   * Finishes the upload, and sends the last bytes if {@code length} is not 0. Returns null if the
   * bytes have to be sent again.
   */
  private @Nullable Descriptor finish(Descriptor known, BlobStream stream, long length) {
    URI at = endOf(known);
    RegistryClient.Answer answer =
        length == 0
            ? client.checked(client.once("PUT", at, Map.of("Content-Type", OCTETS), NO_BYTES))
            : client.upload(
                "PUT", at, Map.of("Content-Type", OCTETS), stream.next(length), stream::idleNanos);
    boolean incomplete = length > 0 && stream.position() != length;
    if (RegistryClient.isSuccess(answer.status()) && incomplete) {
      throw restart("the registry answered before it had received all bytes");
    }
    return finished(known, answer);
  }

  /** Ends the upload if the answer to its last request allows that; otherwise returns null. */
  private @Nullable Descriptor finished(Descriptor known, RegistryClient.Answer answer) {
    if (client.isMoved(answer)) {
      end = client.nextAddress(answer, redirects++);
      return null;
    }
    if (!RegistryClient.isSuccess(answer.status())) {
      refused(answer);
      return null;
    }
    location = null;
    client.checkStored(known.digest(), answer);
    return known;
  }

  /** Returns where the last request of the upload goes. */
  private URI endOf(Descriptor known) {
    return end == null
        ? Locations.withParameter(Objects.requireNonNull(location), "digest=" + known.digest())
        : end;
  }

  /**
   * Handles a refused part: it leads to a new start, to another way of sending the blob, or to an
   * exception. Returns false.
   */
  private boolean refused(RegistryClient.Answer answer) {
    int status = answer.status();
    if (status == 416) {
      throw TransientException.of(client.describe(answer));
    }
    boolean wrong = ServerError.hasCode(answer.body(), "DIGEST_INVALID");
    boolean lost = ServerError.hasCode(answer.body(), "BLOB_UPLOAD") || status == 404 && offset > 0;
    if (wrong) {
      // What was sent in another way or from an offset may have been put together wrongly.
      resumable = false;
      tryAnotherWay();
    }
    if (wrong || lost) {
      throw restart(client.describe(answer));
    }
    StrataException now = client.refusal(RegistryClient.PUSH_LAYER, answer);
    refusal = refusal == null ? now : refusal;
    definite.add(used);
    if (!OTHER_WAY.contains(status) || !tryAnotherWay()) {
      throw refusal;
    }
    restart("");
    return false;
  }

  private TransientException restart(String problem) {
    abandon();
    offset = 0;
    furthestSent = 0;
    return TransientException.of(problem);
  }

  /** Has an unfinished upload deleted in the end. */
  private void abandon() {
    if (location != null) {
      if (isSaved()) {
        forget();
      }
      client.abandon(location);
      location = null;
      end = null;
    }
  }
}
