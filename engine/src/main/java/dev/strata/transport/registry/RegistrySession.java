package dev.strata.transport.registry;

import dev.strata.internal.auth.AuthSettings;
import dev.strata.internal.auth.Authorizer;
import dev.strata.internal.http.HttpSettings;
import dev.strata.oci.Reference;
import dev.strata.transport.Cancellation;
import dev.strata.transport.Transfer;
import java.util.HashMap;
import java.util.Map;

/**
 * What many copies share: connections and tokens, and which blobs each registry is known to have.
 * With it, a blob that several images contain is sent to a registry once, also if they are copied
 * at the same time, and mounted into the other repositories; a registry is not asked again for a
 * blob that it is known to have. All copies should compress layers in the same way. Use it with
 * {@link RegistryOptions#withSession}, and close it after the last copy. Thread-safe.
 *
 * @since 0.1.0
 */
public final class RegistrySession implements AutoCloseable {
  private final Cancellation cancellation;
  private final Map<HttpSettings, RegistryConnection> connections = new HashMap<>();
  private final Map<AuthSettings, Authorizer> authorizers = new HashMap<>();
  private boolean closed;

  private RegistrySession(Cancellation cancellation) {
    this.cancellation = cancellation;
  }

  /**
   * Creates a session. Sends no request.
   *
   * @param listener may cancel all copies; receives no events
   * @return the session
   */
  public static RegistrySession open(Transfer.Listener listener) {
    return new RegistrySession(Cancellation.of(listener));
  }

  /** Returns the connections to a registry. */
  synchronized RegistryConnection connection(HttpSettings settings) {
    if (closed) {
      throw new IllegalStateException("closed");
    }
    return connections.computeIfAbsent(settings, key -> new RegistryConnection(key, cancellation));
  }

  /** Returns what authenticates at a repository. */
  synchronized Authorizer authorizer(
      Reference repository, RegistryOptions options, String scope, RegistryConnection connection) {
    return authorizers.computeIfAbsent(
        options.auth(repository, scope),
        key -> new Authorizer(key, connection.http, connection.secrets, cancellation));
  }

  /** Closes all connections. No copy may be going on. */
  @Override
  public synchronized void close() {
    closed = true;
    connections.values().forEach(RegistryConnection::close);
    connections.clear();
    authorizers.clear();
  }
}
