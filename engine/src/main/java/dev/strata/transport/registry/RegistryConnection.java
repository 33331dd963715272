package dev.strata.transport.registry;

import dev.strata.internal.http.Http;
import dev.strata.internal.http.HttpSettings;
import dev.strata.internal.http.RequestLimit;
import dev.strata.internal.http.Secrets;
import dev.strata.transport.Cancellation;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What clients of one registry share: its connections, and what is known of it. Thread-safe. */
final class RegistryConnection implements AutoCloseable {
  final Secrets secrets = new Secrets();
  final Http http;
  final KnownBlobs blobs = new KnownBlobs();
  final RequestLimit requests = new RequestLimit();
  // Of their own: a request that sends a blob may wait for one that reads it.
  final RequestLimit downloads = new RequestLimit();
  // The ways of sending a blob that the registry has refused for another one.
  final Set<UploadWay> refusedWays = ConcurrentHashMap.newKeySet();
  // Held while a client finds out how to connect; threads that wait for it can be cancelled.
  final ReentrantLock baseLock = new ReentrantLock();
  volatile @Nullable URI base;

  RegistryConnection(HttpSettings settings, Cancellation cancellation) {
    http = new Http(settings, secrets, cancellation);
  }

  @Override
  public void close() {
    http.close();
  }
}
