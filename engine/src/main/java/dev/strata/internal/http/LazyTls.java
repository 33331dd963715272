package dev.strata.internal.http;

import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * A TLS context that is initialized when it is first used. Initializing it takes longer than a push
 * over plain HTTP that finds all blobs present. Thread-safe.
 */
final class LazyTls extends SSLContextSpi {
  private final Supplier<SSLContext> maker;
  private @Nullable SSLContext made;

  /**
   * Creates a lazy context.
   *
   * @param maker creates the real context; called once
   */
  LazyTls(Supplier<SSLContext> maker) {
    this.maker = maker;
  }

  /** Returns the lazy context. */
  SSLContext context() {
    return new SSLContext(this, null, "TLS") {};
  }

  /** Returns the real context; creates it here if need be, so that the caller sees failures. */
  synchronized SSLContext real() {
    SSLContext context = made;
    if (context == null) {
      context = maker.get();
      made = context;
    }
    return context;
  }

  @Override
  protected void engineInit(KeyManager[] keys, TrustManager[] authorities, SecureRandom random)
      throws KeyManagementException {
    throw new KeyManagementException("already initialized");
  }

  @Override
  protected SSLEngine engineCreateSSLEngine() {
    return real().createSSLEngine();
  }

  @Override
  protected SSLEngine engineCreateSSLEngine(String host, int port) {
    return real().createSSLEngine(host, port);
  }

  @Override
  protected SSLSocketFactory engineGetSocketFactory() {
    return real().getSocketFactory();
  }

  @Override
  protected SSLServerSocketFactory engineGetServerSocketFactory() {
    return real().getServerSocketFactory();
  }

  @Override
  protected SSLSessionContext engineGetServerSessionContext() {
    return real().getServerSessionContext();
  }

  @Override
  protected SSLSessionContext engineGetClientSessionContext() {
    return real().getClientSessionContext();
  }
}
