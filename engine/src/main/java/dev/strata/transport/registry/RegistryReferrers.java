package dev.strata.transport.registry;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.image.CopySource;
import dev.strata.io.CorruptDataException;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Reference;
import dev.strata.oci.Referrer;
import dev.strata.transport.Referrers;
import dev.strata.transport.Transfer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The referrers in a repository of a registry. A registry with the referrers API of the OCI
 * distribution specification 1.1 lists them itself; for others, an index under the tag {@code
 * sha256-HEX} is maintained, as that specification demands. Thread-safe.
 *
 * @since 0.1.0
 */
public final class RegistryReferrers implements Referrers {
  private static final int BAD_REQUEST = 400;
  private static final int PUSH_ATTEMPTS = 3;
  private static final Duration PUSH_WAIT = Duration.ofMillis(100);

  private final RegistryClient client;
  private final RegistryDestination destination;
  private final ReferrersApi api;

  private RegistryReferrers(RegistryClient client, RegistryDestination destination) {
    this.client = client;
    this.destination = destination;
    this.api = new ReferrersApi(client);
  }

  /**
   * Reads referrers. Sends no request yet.
   *
   * @param image an image in the repository
   * @param options how to access the registry
   * @param listener receives events about retries, and may cancel requests and reads of blobs
   * @return the referrers, to be closed after use
   */
  public static RegistryReferrers of(
      Reference image, RegistryOptions options, Transfer.Listener listener) {
    return new RegistryReferrers(
        new RegistryClient(image, options, listener, "pull"),
        RegistryDestination.of(image, options));
  }

  /**
   * Reads and adds referrers. Sends no request yet.
   *
   * @param image an image in the repository
   * @param options how to access the registry
   * @param listener receives events about retries, and may cancel requests and reads of blobs
   * @return the referrers, to be closed after use
   */
  public static RegistryReferrers writable(
      Reference image, RegistryOptions options, Transfer.Listener listener) {
    return new RegistryReferrers(
        new RegistryClient(image, options, listener, "pull,push"),
        RegistryDestination.of(image, options));
  }

  /**
   * {@inheritDoc}
   *
   * @throws dev.strata.io.UnauthorizedException if the registry refuses access
   * @throws dev.strata.io.UnreachableException if the registry cannot be reached
   * @throws dev.strata.io.InvalidInputException if the registry's list is malformed or too long
   */
  @Override
  public List<Referrer> list(Digest subject) {
    return api.list(subject);
  }

  @Override
  public CopySource open(Referrer referrer) {
    return CopySource.of(
        client.reference().toString(),
        manifest(referrer.descriptor()),
        this::manifest,
        d -> new RemoteBlob(client, d),
        PlatformChoice.all());
  }

  private Blob manifest(Descriptor named) {
    byte[] json = client.getManifest(named.digest().value(), RegistrySource.ALL_TYPES).json();
    if (named.size() != json.length) {
      throw new CorruptDataException(
          "a list of referrers in "
              + client.reference()
              + " states "
              + named.size()
              + " bytes for the manifest "
              + named.digest()
              + ", which has "
              + json.length
              + "; push the referrer again");
    }
    return new BytesBlob(named, json);
  }

  @Override
  public int add(Digest subject, List<CopySource> artifacts, Transfer transfer) {
    Set<Digest> listed = new HashSet<>();
    api.list(subject).forEach(r -> listed.add(r.descriptor().digest()));
    List<Referrer> unlisted = new ArrayList<>();
    int added = 0;
    for (CopySource artifact : artifacts) {
      Referrer referrer = Referrer.of(artifact.root());
      if (!listed.add(referrer.descriptor().digest())) {
        continue;
      }
      added++;
      RegistryClient.Answer answer = push(artifact, transfer);
      if (!answer.header("OCI-Subject").equals(subject.value())) {
        unlisted.add(referrer);
      }
    }
    if (!unlisted.isEmpty() && !hasAll(api.fromApi(subject), unlisted)) {
      api.addToTag(subject, unlisted);
    }
    return added;
  }

  /**
   * Pushes an artifact. All artifacts have the same empty configuration, and docker-registry does
   * not find a blob while another client uploads it as well, so a refusal is not final.
   */
  private RegistryClient.Answer push(CopySource artifact, Transfer transfer) {
    for (int attempt = 1; ; attempt++) {
      try {
        return destination.pushArtifact(client, artifact, transfer);
      } catch (RegistryException e) {
        if (e.status() != BAD_REQUEST || attempt == PUSH_ATTEMPTS) {
          throw e;
        }
        client.sleep(PUSH_WAIT);
      }
    }
  }

  /** Returns whether the API, if there is one, lists referrers. */
  private static boolean hasAll(@Nullable List<Referrer> listed, List<Referrer> wanted) {
    return listed != null
        && listed.stream()
            .map(r -> r.descriptor().digest())
            .toList()
            .containsAll(wanted.stream().map(r -> r.descriptor().digest()).toList());
  }

  /** Closes all connections and ends all threads. */
  @Override
  public void close() {
    client.close();
  }
}
