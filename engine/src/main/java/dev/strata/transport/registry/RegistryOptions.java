package dev.strata.transport.registry;

import dev.strata.internal.http.Credentials;
import dev.strata.io.StrataException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to speak to a registry. Immutable and thread-safe; each {@code with} method returns a changed
 * copy.
 */
public final class RegistryOptions {
  private static final int DEFAULT_RETRIES = 5;

  private Map<String, String> environment = Map.of();
  private @Nullable Boolean tlsVerify;
  private @Nullable Path certDirectory;
  private @Nullable Path authFile;
  private @Nullable Credentials credentials;
  private int retries = DEFAULT_RETRIES;
  private long chunkSize;
  private List<String> mountFrom = List.of();
  private Duration firstWait = Duration.ofMillis(500);
  private Duration stall = Duration.ofMinutes(2);
  private String optionPrefix = "--dest-";

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
    firstWait = o.firstWait;
    stall = o.stall;
    optionPrefix = o.optionPrefix;
  }

  /**
   * The usual: credentials, proxies and certificates where the user's other tools have them, five
   * retries, one request for a blob.
   *
   * @param environment the environment variables, from which their places and the proxies are read
   * @return the options
   */
  public static RegistryOptions of(Map<String, String> environment) {
    RegistryOptions o = new RegistryOptions();
    o.environment = Map.copyOf(environment);
    return o;
  }

  /**
   * Whether to insist on HTTPS with a valid certificate.
   *
   * @param verify true to insist, also on this machine; false to take any certificate, and plain
   *     HTTP from a server that speaks no TLS; null to insist except on this machine
   * @return a changed copy
   */
  public RegistryOptions withTlsVerify(@Nullable Boolean verify) {
    RegistryOptions o = new RegistryOptions(this);
    o.tlsVerify = verify;
    return o;
  }

  /**
   * Where certificates are: {@code *.crt} are authorities to trust besides the usual ones, {@code
   * NAME.cert} with {@code NAME.key} a client certificate.
   *
   * @param directory the folder; null for the registry's in {@code /etc/containers/certs.d} and
   *     {@code /etc/docker/certs.d}
   * @return a changed copy
   */
  public RegistryOptions withCertDirectory(@Nullable Path directory) {
    RegistryOptions o = new RegistryOptions(this);
    o.certDirectory = directory;
    return o;
  }

  /**
   * Which auth file to read.
   *
   * @param file the only one to read; null for the usual ones
   * @return a changed copy
   */
  public RegistryOptions withAuthFile(@Nullable Path file) {
    RegistryOptions o = new RegistryOptions(this);
    o.authFile = file;
    return o;
  }

  /**
   * Who asks; no auth file is read then.
   *
   * @param userAndPassword {@code user:password}
   * @return a changed copy
   * @throws StrataException if there is no user in it
   */
  public RegistryOptions withCredentials(String userAndPassword) {
    int colon = userAndPassword.indexOf(':');
    if (colon == 0 || userAndPassword.isEmpty()) {
      throw new StrataException("the credentials name no user: give them as USER:PASSWORD");
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
   * The token to show; no auth file is read then.
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
   * Asks as nobody; no auth file is read.
   *
   * @return a changed copy
   */
  public RegistryOptions withoutCredentials() {
    RegistryOptions o = new RegistryOptions(this);
    o.credentials = Credentials.ANONYMOUS;
    return o;
  }

  /**
   * How often a request that failed for the time being is tried again.
   *
   * @param times 0 or more
   * @return a changed copy
   */
  public RegistryOptions withRetries(int times) {
    if (times < 0) {
      throw new StrataException("cannot retry " + times + " times: give 0 or more");
    }
    RegistryOptions o = new RegistryOptions(this);
    o.retries = times;
    return o;
  }

  /**
   * How long to wait before the first retry; each further wait is up to twice as long, at most 30
   * s.
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
   * How long a connection may stand still before it counts as lost.
   *
   * @param time more than zero
   * @return a changed copy
   */
  public RegistryOptions withStallTimeout(Duration time) {
    RegistryOptions o = new RegistryOptions(this);
    o.stall = time;
    return o;
  }

  /**
   * How large a request may be, for registries behind a proxy that limits it.
   *
   * @param bytes the largest body; 0 to send each blob in one request
   * @return a changed copy
   */
  public RegistryOptions withChunkSize(long bytes) {
    if (bytes < 0) {
      throw new StrataException("a chunk cannot have " + bytes + " bytes: give 0 or more");
    }
    RegistryOptions o = new RegistryOptions(this);
    o.chunkSize = bytes;
    return o;
  }

  /**
   * Which repositories of the same registry may have the blobs already.
   *
   * @param repositories their names, asked in order
   * @return a changed copy
   */
  public RegistryOptions withMountFrom(List<String> repositories) {
    RegistryOptions o = new RegistryOptions(this);
    o.mountFrom = List.copyOf(repositories);
    return o;
  }

  /**
   * What messages put before the names of options that help: {@code --dest-} or {@code --src-}.
   *
   * @param prefix the start of the options' names
   * @return a changed copy
   */
  public RegistryOptions withOptionPrefix(String prefix) {
    RegistryOptions o = new RegistryOptions(this);
    o.optionPrefix = prefix;
    return o;
  }

  public String option(String name) {
    return optionPrefix + name;
  }

  public Map<String, String> environment() {
    return environment;
  }

  public @Nullable Boolean tlsVerify() {
    return tlsVerify;
  }

  public @Nullable Path certDirectory() {
    return certDirectory;
  }

  public @Nullable Path authFile() {
    return authFile;
  }

  public @Nullable Credentials credentials() {
    return credentials;
  }

  int retries() {
    return retries;
  }

  long chunkSize() {
    return chunkSize;
  }

  List<String> mountFrom() {
    return mountFrom;
  }

  Duration firstWait() {
    return firstWait;
  }

  public Duration stall() {
    return stall;
  }
}
