package dev.strata.internal.http;

import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.io.StrataException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
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
      throw new StrataException(
          "cannot set up TLS for " + settings.registry() + ": " + e.getMessage(), e);
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
    List<Path> found = new ArrayList<>();
    for (String base : List.of("/etc/containers/certs.d", "/etc/docker/certs.d")) {
      Path directory = Path.of(base, settings.registry());
      if (Files.isDirectory(directory)) {
        found.add(directory);
      }
    }
    return found;
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
      for (Path cert : files(directory, "*.cert")) {
        Path key = Path.of(cert.toString().replaceFirst("\\.cert$", ".key"));
        if (!Files.exists(key)) {
          throw new NotFoundException(
              "cannot use the client certificate "
                  + FileNames.quote(cert.toString())
                  + ": its key is missing; put it into "
                  + FileNames.quote(key.toString()));
        }
        if (store == null) {
          store = KeyStore.getInstance(KeyStore.getDefaultType());
          store.load(null, null);
        }
        Certificate[] chain = certificates(cert).toArray(Certificate[]::new);
        store.setKeyEntry(cert.toString(), privateKey(key, chain[0]), password, chain);
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

  private static PrivateKey privateKey(Path file, Certificate owner)
      throws GeneralSecurityException, IOException {
    String text = Files.readString(file, StandardCharsets.US_ASCII);
    String begin = "-----BEGIN PRIVATE KEY-----";
    int from = text.indexOf(begin);
    int to = text.indexOf("-----END PRIVATE KEY-----");
    if (from < 0 || to < from) {
      throw new InvalidInputException(
          "cannot read the key "
              + FileNames.quote(file.toString())
              + ": not an unencrypted PKCS #8 key; convert it with openssl pkcs8 -topk8 -nocrypt");
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
      return KeyFactory.getInstance(owner.getPublicKey().getAlgorithm())
          .generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (InvalidKeySpecException | IllegalArgumentException _) {
      // Without the cause, which may quote from the key.
      throw new InvalidInputException(
          "cannot read the key "
              + FileNames.quote(file.toString())
              + ": it does not match its certificate; replace it");
    }
  }

  private static Collection<X509Certificate> certificates(Path file) throws IOException {
    try {
      List<X509Certificate> found = new ArrayList<>();
      ByteArrayInputStream in = new ByteArrayInputStream(Files.readAllBytes(file));
      for (Certificate c : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        found.add((X509Certificate) c);
      }
      if (!found.isEmpty()) {
        return found;
      }
    } catch (CertificateException e) {
      throw new InvalidInputException(
          "cannot read the certificate " + FileNames.quote(file.toString()) + ": " + e.getMessage(),
          e);
    }
    throw new InvalidInputException(
        "cannot read the certificate "
            + FileNames.quote(file.toString())
            + ": it contains no certificate in PEM format; replace or remove it");
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
