package dev.strata.internal.http;

import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import dev.strata.oci.Reference;
import dev.strata.transport.registry.RegistryOptions;
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
 * Whose certificates are trusted. The authorities are read when the first certificate has to be
 * checked: a push over plain HTTP doesn't pay for them. Thread-safe.
 */
final class TlsTrust {
  // As Go's crypto/x509 looks for them, so that a company's own authority counts here too.
  private static final List<String> SYSTEM_BUNDLES =
      List.of(
          "/etc/ssl/certs/ca-certificates.crt",
          "/etc/pki/tls/certs/ca-bundle.crt",
          "/etc/ssl/ca-bundle.pem",
          "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
          "/etc/ssl/cert.pem");

  private TlsTrust() {}

  /** What is found wrong with folders is told at once, what is wrong with files at first use. */
  static LazyTls of(Reference reference, RegistryOptions options) {
    List<Path> directories = directories(reference, options);
    return new LazyTls(() -> context(reference, options, directories));
  }

  private static SSLContext context(
      Reference reference, RegistryOptions options, List<Path> directories) {
    try {
      TrustManager trust =
          Boolean.FALSE.equals(options.tlsVerify())
              ? new TrustAll()
              : new Lazy(directories, options.environment());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(clientKeys(directories), new TrustManager[] {trust}, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new StrataException(
          "cannot set up TLS for " + reference.registry() + ": " + e.getMessage(), e);
    }
  }

  private static List<Path> directories(Reference reference, RegistryOptions options) {
    Path given = options.certDirectory();
    if (given != null) {
      if (!Files.isDirectory(given)) {
        throw new StrataException(
            "the certificate folder "
                + FileNames.quote(given.toString())
                + " does not exist: correct "
                + options.option("cert-dir"));
      }
      return List.of(given);
    }
    List<Path> found = new ArrayList<>();
    for (String base : List.of("/etc/containers/certs.d", "/etc/docker/certs.d")) {
      Path directory = Path.of(base, reference.registry());
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
          throw new StrataException(
              FileNames.quote(cert.toString())
                  + " has no key beside it: put it at "
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
      throw new StrataException(
          FileNames.quote(file.toString())
              + " is no unencrypted PKCS #8 key: convert it by openssl pkcs8 -topk8 -nocrypt");
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
      return KeyFactory.getInstance(owner.getPublicKey().getAlgorithm())
          .generatePrivate(new PKCS8EncodedKeySpec(der));
    } catch (InvalidKeySpecException | IllegalArgumentException _) {
      // Without its cause, which may quote from the key.
      throw new StrataException(
          FileNames.quote(file.toString()) + " is not the key of its certificate: replace it");
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
      throw new StrataException(
          FileNames.quote(file.toString()) + " is no certificate in PEM: " + e.getMessage(), e);
    }
    throw new StrataException(
        FileNames.quote(file.toString()) + " holds no certificate in PEM: replace or remove it");
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

  /** Checks against authorities that are read at the first use. */
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
      throw new CertificateException("this is no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      throw new CertificateException("this is no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      throw new CertificateException("this is no server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      // Only servers that check clients ask.
      return new X509Certificate[0];
    }
  }

  /** Trusts any certificate, for those who asked for that. */
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
