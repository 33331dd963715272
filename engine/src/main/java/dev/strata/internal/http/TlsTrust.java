package dev.strata.internal.http;

import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.io.StrataException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Creates TLS contexts that trust the user's certificate authorities. The authorities are read when
 * the first certificate is checked, which a push over plain HTTP never does. Thread-safe.
 */
final class TlsTrust {
  // The places where Go's crypto/x509 looks, so that a company's own authority is found here too.
  private static final List<String> SYSTEM_BUNDLES =
      List.of(
          "/etc/ssl/certs/ca-certificates.crt",
          "/etc/pki/tls/certs/ca-bundle.crt",
          "/etc/ssl/ca-bundle.pem",
          "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
          "/etc/ssl/cert.pem");

  private TlsTrust() {}

  /**
   * Creates a lazy TLS context. Files in the certificate folder are read when it is first used.
   *
   * @throws NotFoundException if the certificate folder does not exist
   */
  static LazyTls of(HttpSettings settings) {
    List<Path> directories = directories(settings);
    return new LazyTls(() -> context(settings, directories));
  }

  private static SSLContext context(HttpSettings settings, List<Path> directories) {
    try {
      TrustManager trust =
          settings.tlsVerify() ? new Lazy(directories, settings.environment()) : new TrustAll();
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(clientKeys(directories), new TrustManager[] {trust}, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      String reason = e instanceof AccessDeniedException ? "permission denied: " : "";
      throw new StrataException(
          "cannot set up TLS for " + settings.registry() + ": " + reason + e.getMessage(), e);
    }
  }

  private static List<Path> directories(HttpSettings settings) {
    Path given = settings.certDirectory();
    if (given != null) {
      if (!Files.isDirectory(given)) {
        throw new NotFoundException(
            "cannot read certificates from "
                + FileNames.quote(given.toString())
                + ": no such folder; create it or give another one");
      }
      return List.of(given);
    }
    // The first one that exists, as in containers-certs.d(5).
    String home = settings.environment().getOrDefault("HOME", "");
    List<String> bases = new ArrayList<>();
    if (!home.isEmpty()) {
      bases.add(home + "/.config/containers/certs.d");
    }
    bases.add("/etc/containers/certs.d");
    bases.add("/etc/docker/certs.d");
    for (String base : bases) {
      Path directory = FileNames.path(base + "/" + settings.registry());
      if (Files.isDirectory(directory) && Files.isReadable(directory)) {
        return List.of(directory);
      }
    }
    return List.of();
  }

  private static List<Path> files(Path directory, String pattern) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, pattern)) {
      stream.forEach(found::add);
    }
    found.sort(null);
    return found;
  }

  private static KeyManager @Nullable [] clientKeys(List<Path> directories)
      throws GeneralSecurityException, IOException {
    KeyStore store = null;
    char[] password = new char[0];
    for (Path directory : directories) {
      for (Path key : files(directory, "*.key")) {
        Path cert = sibling(key, ".cert");
        if (!Files.exists(cert)) {
          throw new NotFoundException(
              "cannot use the key "
                  + FileNames.quote(key.toString())
                  + ": its certificate is missing; put it into "
                  + FileNames.quote(cert.toString()));
        }
      }
      for (Path cert : files(directory, "*.cert")) {
        Path key = sibling(cert, ".key");
        if (!Files.exists(key)) {
          throw new NotFoundException(
              "cannot use the client certificate "
                  + FileNames.quote(cert.toString())
                  + ": its key is missing; put it into "
                  + FileNames.quote(key.toString())
                  + ", or rename the file to *.crt if it is a certificate authority");
        }
        if (store == null) {
          store = KeyStore.getInstance(KeyStore.getDefaultType());
          store.load(null, null);
        }
        X509Certificate[] chain = certificates(cert).toArray(X509Certificate[]::new);
        store.setKeyEntry(cert.toString(), ClientKey.read(key, chain[0]), password, chain);
      }
    }
    if (store == null) {
      return null;
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, password);
    return factory.getKeyManagers();
  }

  /** Returns the path of a file with another extension. */
  private static Path sibling(Path file, String extension) {
    return Path.of(file.toString().replaceFirst("\\.[a-z]+$", extension));
  }

  /** Reads certificates; a damaged one among others is left out, as by Go. */
  private static List<X509Certificate> certificates(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    List<X509Certificate> found = new ArrayList<>();
    String problem = "it contains no certificate in PEM format; replace or remove it";
    try {
      addCertificates(found, bytes);
    } catch (CertificateException e) {
      problem = String.valueOf(e.getMessage());
      for (Pem block : Pem.blocks(new String(bytes, StandardCharsets.ISO_8859_1))) {
        try {
          if (block.type().endsWith("CERTIFICATE")) {
            addCertificates(found, block.der());
          }
        } catch (CertificateException _) {
          // Matters only if there is no other.
        }
      }
    }
    if (found.isEmpty()) {
      throw new InvalidInputException(
          "cannot read the certificate " + FileNames.quote(file.toString()) + ": " + problem);
    }
    return found;
  }

  private static void addCertificates(List<X509Certificate> found, byte[] bytes)
      throws CertificateException {
    ByteArrayInputStream in = new ByteArrayInputStream(bytes);
    for (Certificate c : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
      found.add((X509Certificate) c);
    }
  }

  private static X509ExtendedTrustManager managerOf(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
  }

  private static X509ExtendedTrustManager authorities(
      List<Path> directories, Map<String, String> environment)
      throws GeneralSecurityException, IOException {
    List<X509Certificate> extra = new ArrayList<>();
    for (Path directory : directories) {
      for (Path file : files(directory, "*.crt")) {
        extra.addAll(certificates(file));
      }
    }
    Path bundle = bundle(environment);
    if (bundle == null && extra.isEmpty()) {
      return managerOf(null);
    }
    List<X509Certificate> all = new ArrayList<>(extra);
    all.addAll(
        bundle == null ? List.of(managerOf(null).getAcceptedIssuers()) : certificates(bundle));
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (int i = 0; i < all.size(); i++) {
      store.setCertificateEntry("authority-" + i, all.get(i));
    }
    return managerOf(store);
  }

  private static @Nullable Path bundle(Map<String, String> environment) {
    for (String name : List.of("NIX_SSL_CERT_FILE", "SSL_CERT_FILE")) {
      String file = environment.getOrDefault(name, "");
      if (!file.isEmpty() && Files.isReadable(FileNames.path(file))) {
        return FileNames.path(file);
      }
    }
    for (String file : SYSTEM_BUNDLES) {
      if (Files.isReadable(Path.of(file))) {
        return Path.of(file);
      }
    }
    return null;
  }

  /** Checks certificates against authorities that are read at the first check. */
  private static final class Lazy extends X509ExtendedTrustManager {
    private final List<Path> directories;
    private final Map<String, String> environment;
    private @Nullable X509ExtendedTrustManager manager;

    Lazy(List<Path> directories, Map<String, String> environment) {
      this.directories = directories;
      this.environment = environment;
    }

    private synchronized X509ExtendedTrustManager manager() throws CertificateException {
      if (manager == null) {
        try {
          manager = authorities(directories, environment);
        } catch (GeneralSecurityException | IOException | StrataException e) {
          throw new CertificateException(e.getMessage(), e);
        }
      }
      return manager;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      manager().checkServerTrusted(chain, authType, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      manager().checkServerTrusted(chain, authType, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      manager().checkServerTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("not a server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      throw new CertificateException("not a server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      throw new CertificateException("not a server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      // Used by servers only, to request certificates of clients.
      return new X509Certificate[0];
    }
  }

  /** Trusts every certificate. */
  private static final class TrustAll extends X509ExtendedTrustManager {
    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
