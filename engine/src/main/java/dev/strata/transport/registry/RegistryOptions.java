package dev.strata.transport.registry;

import dev.strata.internal.auth.AuthSettings;
import dev.strata.internal.http.Credentials;
import dev.strata.internal.http.HttpSettings;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.oci.Reference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to access a registry. Immutable and thread-safe; each {@code with} method returns a changed
 * copy.
 *
 * @since 0.1.0
 */
public final class RegistryOptions {
  private static final int DEFAULT_RETRIES = 5;
  private static final long RESUMABLE_PART = 16 << 20;

  private Map<String, String> environment = Map.of();
  private @Nullable Boolean tlsVerify;
  private @Nullable Path certDirectory;
  private @Nullable Path authFile;
  private @Nullable Credentials credentials;
  private int retries = DEFAULT_RETRIES;
  private long chunkSize;
  private List<String> mountFrom = List.of();
  private boolean reuse = true;
  private boolean layersPresent;
  private List<Reference> reuseFrom = List.of();
  private Duration firstWait = Duration.ofMillis(500);
  private Duration stallTimeout = Duration.ofMinutes(2);

  private @Nullable RegistrySession session;
  private @Nullable UnfinishedUploads unfinished;
  private BlobLocations locations = BlobLocations.NONE;

  private RegistryOptions() {}

  private RegistryOptions(RegistryOptions o) {
    environment = o.environment;
    tlsVerify = o.tlsVerify;
    certDirectory = o.certDirectory;
    authFile = o.authFile;
    credentials = o.credentials;
    retries = o.retries;
    chunkSize = o.chunkSize;
    mountFrom = o.mountFrom;
    reuse = o.reuse;
    layersPresent = o.layersPresent;
    reuseFrom = o.reuseFrom;
    firstWait = o.firstWait;
    stallTimeout = o.stallTimeout;
    session = o.session;
    unfinished = o.unfinished;
    locations = o.locations;
  }

  /**
   * Creates the default options: credentials, proxies and certificates from the usual places of
   * Docker, Podman and Skopeo, five retries, one request per blob.
   *
   * @param environment the environment variables, which determine these places and the proxies
   * @return the options
   */
  public static RegistryOptions of(Map<String, String> environment) {
    RegistryOptions o = new RegistryOptions();
    o.environment = Map.copyOf(environment);
    return o;
  }

  /**
   * Sets whether HTTPS with a valid certificate is required.
   *
   * @param verify true to require it, also for the loopback address; false to accept any
   *     certificate, and plain HTTP from a server that does not speak TLS; null to require it
   *     except for the loopback address
   * @return a changed copy
   */
  public RegistryOptions withTlsVerify(@Nullable Boolean verify) {
    RegistryOptions o = new RegistryOptions(this);
    o.tlsVerify = verify;
    return o;
  }

  /**
   * Sets whether the registry must have all layers, because other programs have pushed them: only
   * configurations and manifests are sent.
   *
   * @param present true to fail if a layer is missing
   * @return a changed copy
   */
  public RegistryOptions withLayersPresent(boolean present) {
    RegistryOptions o = new RegistryOptions(this);
    o.layersPresent = present;
    return o;
  }

  boolean layersPresent() {
    return layersPresent;
  }

  /**
   * Sets the folder with certificates: {@code *.crt} are authorities trusted in addition to the
   * system's, {@code NAME.cert} with {@code NAME.key} is a client certificate.
   *
   * @param directory the folder; null for the first that exists of the registry's folders in {@code
   *     $HOME/.config/containers/certs.d}, {@code /etc/containers/certs.d} and {@code
   *     /etc/docker/certs.d}
   * @return a changed copy
   */
  public RegistryOptions withCertDirectory(@Nullable Path directory) {
    RegistryOptions o = new RegistryOptions(this);
    o.certDirectory = directory;
    return o;
  }

  /**
   * Sets the file with credentials.
   *
   * @param file the only file to read; null for the usual ones
   * @return a changed copy
   */
  public RegistryOptions withAuthFile(@Nullable Path file) {
    RegistryOptions o = new RegistryOptions(this);
    o.authFile = file;
    return o;
  }

  /**
   * Sets a user name and password; no auth file is read.
   *
   * @param userAndPassword {@code user:password}
   * @return a changed copy
   * @throws InvalidInputException if the user name is empty
   */
  public RegistryOptions withCredentials(String userAndPassword) {
    int colon = userAndPassword.indexOf(':');
    if (colon == 0 || userAndPassword.isEmpty()) {
      throw new InvalidInputException("credentials lack a user name; use USER:PASSWORD");
    }
    RegistryOptions o = new RegistryOptions(this);
    o.credentials =
        colon < 0
            ? new Credentials.Basic(userAndPassword, "")
            : new Credentials.Basic(
                userAndPassword.substring(0, colon), userAndPassword.substring(colon + 1));
    return o;
  }

  /**
   * Sets a token that is sent to the registry; no auth file is read.
   *
   * @param token a bearer token
   * @return a changed copy
   */
  public RegistryOptions withRegistryToken(String token) {
    RegistryOptions o = new RegistryOptions(this);
    o.credentials = new Credentials.RegistryToken(token);
    return o;
  }

  /**
   * Accesses the registry without credentials; no auth file is read.
   *
   * @return a changed copy
   */
  public RegistryOptions withoutCredentials() {
    RegistryOptions o = new RegistryOptions(this);
    o.credentials = Credentials.ANONYMOUS;
    return o;
  }

  /**
   * Sets how often a request that failed temporarily is retried.
   *
   * @param times the number of retries, 0 or more
   * @return a changed copy
   * @throws InvalidInputException if the number is negative
   */
  public RegistryOptions withRetries(int times) {
    if (times < 0) {
      throw new InvalidInputException("the number of retries must not be negative, got " + times);
    }
    RegistryOptions o = new RegistryOptions(this);
    o.retries = times;
    return o;
  }

  /**
   * Sets the wait before the first retry. Each further wait is up to twice as long, at most 30 s.
   *
   * @param wait more than zero
   * @return a changed copy
   */
  public RegistryOptions withFirstWait(Duration wait) {
    RegistryOptions o = new RegistryOptions(this);
    o.firstWait = wait;
    return o;
  }

  /**
   * Sets how long a connection may make no progress before it counts as lost.
   *
   * @param time more than zero
   * @return a changed copy
   */
  public RegistryOptions withStallTimeout(Duration time) {
    RegistryOptions o = new RegistryOptions(this);
    o.stallTimeout = time;
    return o;
  }

  /**
   * Sets the size of the largest request, for registries behind a proxy with a limit.
   *
   * @param bytes the size of the largest request body in bytes; 0 to send each blob in one request
   * @return a changed copy
   * @throws InvalidInputException if the size is negative
   */
  public RegistryOptions withChunkSize(long bytes) {
    if (bytes < 0) {
      throw new InvalidInputException("the chunk size must not be negative, got " + bytes);
    }
    RegistryOptions o = new RegistryOptions(this);
    o.chunkSize = bytes;
    return o;
  }

  /**
   * Sets repositories of the same registry from which blobs are mounted if they are there.
   *
   * @param repositories the repositories, tried in this order
   * @return a changed copy
   */
  public RegistryOptions withMountFrom(List<String> repositories) {
    RegistryOptions o = new RegistryOptions(this);
    o.mountFrom = List.copyOf(repositories);
    return o;
  }

  /**
   * Sets whether a layer that would have to be compressed may be replaced by a blob that the
   * registry has, with the same content as another program or another version compressed it. Such
   * blobs are those that the image under the tag that is about to be replaced lists, and those of
   * {@link #withReuseFrom}. With it, which is the default, the digest of the pushed manifest
   * depends on what the registry has, and it is the registry that states which content a blob has:
   * readers compare that with the diff id in the configuration when they unpack the layer.
   *
   * @param wanted whether to use such blobs
   * @return a changed copy
   */
  public RegistryOptions withReuse(boolean wanted) {
    RegistryOptions o = new RegistryOptions(this);
    o.reuse = wanted;
    return o;
  }

  /**
   * Sets further images whose layers may be used in place of compressing the same layers again.
   *
   * @param images images in the same registry, tried in this order
   * @return a changed copy
   */
  public RegistryOptions withReuseFrom(List<Reference> images) {
    RegistryOptions o = new RegistryOptions(this);
    o.reuseFrom = List.copyOf(images);
    return o;
  }

  /**
   * Sets what is shared with other copies.
   *
   * @param shared the session, which the caller closes after the last copy
   * @return a changed copy
   */
  public RegistryOptions withSession(RegistrySession shared) {
    RegistryOptions o = new RegistryOptions(this);
    o.session = shared;
    return o;
  }

  /**
   * Sets where uploads of large blobs are noted, which are then sent in parts and can be continued
   * by another process. They are not deleted at the registry when a copy is cancelled.
   *
   * @param uploads the uploads of earlier copies
   * @return a changed copy
   */
  public RegistryOptions withUnfinishedUploads(UnfinishedUploads uploads) {
    RegistryOptions o = new RegistryOptions(this);
    o.unfinished = uploads;
    return o;
  }

  /**
   * Sets where copies note which repositories have a blob, so that it is mounted from there.
   *
   * @param noted what earlier copies have noted; by default {@link BlobLocations#NONE}
   * @return a changed copy
   */
  public RegistryOptions withBlobLocations(BlobLocations noted) {
    RegistryOptions o = new RegistryOptions(this);
    o.locations = noted;
    return o;
  }

  BlobLocations blobLocations() {
    return locations;
  }

  @Nullable UnfinishedUploads unfinishedUploads() {
    return unfinished;
  }

  @Nullable RegistrySession session() {
    return session;
  }

  /** Whether a user name and password, or a token, are set. */
  boolean hasCredentials() {
    return credentials != null && !credentials.equals(Credentials.ANONYMOUS);
  }

  /** The settings of connections to the registry of an image. */
  HttpSettings http(Reference reference) {
    return http(reference, reference.toString());
  }

  /**
   * The settings of connections to a registry.
   *
   * @param place an image reference for exceptions
   */
  HttpSettings http(Reference reference, String place) {
    return new HttpSettings(
        reference.registry(),
        place,
        !Boolean.FALSE.equals(tlsVerify),
        certDirectory,
        stallTimeout,
        environment);
  }

  /** The settings of authentication for an image, with the scope of a token. */
  AuthSettings auth(Reference reference, String scope) {
    return new AuthSettings(
        reference, scope, credentials, authFile, Boolean.FALSE.equals(tlsVerify), environment);
  }

  /** The folder for temporary files. */
  Path temporaryFolder() {
    String folder = environment.getOrDefault("TMPDIR", "");
    return FileNames.path(folder.isEmpty() ? System.getProperty("java.io.tmpdir") : folder);
  }

  /**
   * Returns whether to require HTTPS with a valid certificate.
   *
   * @return true or false; null if it is not set, which requires it except on this machine
   */
  public @Nullable Boolean tlsVerify() {
    return tlsVerify;
  }

  int retries() {
    return retries;
  }

  long chunkSize() {
    // Some registries keep only whole requests of an upload that is interrupted.
    return chunkSize == 0 && unfinished != null ? RESUMABLE_PART : chunkSize;
  }

  List<String> mountFrom() {
    return mountFrom;
  }

  boolean reuse() {
    return reuse;
  }

  List<Reference> reuseFrom() {
    return reuseFrom;
  }

  Duration firstWait() {
    return firstWait;
  }
}
