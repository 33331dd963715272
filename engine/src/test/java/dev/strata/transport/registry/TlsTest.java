package dev.strata.transport.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blob;
import dev.strata.blob.NullChannel;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.io.StrataException;
import dev.strata.io.TlsException;
import dev.strata.layer.LayerSource;
import dev.strata.layer.RegistryLayer;
import dev.strata.oci.Reference;
import dev.strata.testing.Failures;
import dev.strata.transport.Transfer;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS with servers on this machine, which are tried by plain HTTP first. */
@Timeout(60)
final class TlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir private static Path keys;
  @TempDir private Path folder;

  private final List<ServerSocket> servers = new ArrayList<>();
  private final List<String> retries = new CopyOnWriteArrayList<>();
  // Where the servers have layers uploaded.
  private volatile String upload = "";

  @BeforeAll
  static void makeCertificates() throws Exception {
    makeCertificate("server", "-keyalg", "RSA", "-ext", "san=dns:localhost,dns:registry.example");
    makeCertificate("rsa", "-keyalg", "RSA");
    makeCertificate("ec", "-keyalg", "EC", "-groupname", "secp256r1");
    makeCertificate("ca", "-keyalg", "EC", "-ext", "bc:c");
    Files.copy(keys.resolve("ca"), keys.resolve("old"));
    makeCertificate(
        "old",
        "-keyalg",
        "EC",
        "-signer",
        "ca",
        "-ext",
        "san=dns:localhost",
        "-startdate",
        "-9d",
        "-validity",
        "5");
    Files.writeString(keys.resolve("rsa.crt"), certificate("rsa"));
  }

  /** Makes a key and a certificate in a key store of the same name. */
  private static void makeCertificate(String name, String... options)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-dname",
                "cn=" + name,
                "-keystore",
                keys.resolve(name).toString(),
                "-storepass",
                new String(PASSWORD)));
    command.addAll(List.of(options));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertTrue(process.waitFor(50, TimeUnit.SECONDS) && process.exitValue() == 0);
  }

  @BeforeEach
  void trustTheServers() throws IOException, GeneralSecurityException {
    Files.writeString(folder.resolve("ca.crt"), certificate("server") + certificate("ca"));
  }

  @AfterEach
  void close() throws IOException {
    for (ServerSocket server : servers) {
      server.close();
    }
  }

  private static KeyStore store(String name) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in =
        name.isEmpty()
            ? InputStream.nullInputStream()
            : new ByteArrayInputStream(Files.readAllBytes(keys.resolve(name)))) {
      store.load(name.isEmpty() ? null : in, PASSWORD);
    }
    return store;
  }

  private static String pem(String type, byte[] der) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder().encodeToString(der)
        + "\n-----END "
        + type
        + "-----\n";
  }

  private static String certificate(String name) throws IOException, GeneralSecurityException {
    return pem("CERTIFICATE", store(name).getCertificate(name).getEncoded());
  }

  private static byte[] key(String name) throws IOException, GeneralSecurityException {
    return store(name).getKey(name, PASSWORD).getEncoded();
  }

  /** Returns the key within a PKCS #8 key: its last part, after the algorithm. */
  private static byte[] innerKey(String name) throws IOException, GeneralSecurityException {
    byte[] der = key(name);
    for (int at = 3; at < der.length - 4; at++) {
      // An octet string that contains a sequence and ends at the end.
      int header = (der[at + 1] & 0xFF) == 0x82 ? 4 : (der[at + 1] & 0xFF) == 0x81 ? 3 : 2;
      int length = 0;
      for (int i = at + Math.min(2, header - 1); i < at + header; i++) {
        length = length << 8 | der[i] & 0xFF;
      }
      if (der[at] == 0x04 && der[at + header] == 0x30 && at + header + length == der.length) {
        return Arrays.copyOfRange(der, at + header, der.length);
      }
    }
    throw new AssertionError("not PKCS #8");
  }

  private static SSLContext context(String identity) throws IOException, GeneralSecurityException {
    KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
    KeyStore identities = store(identity);
    identities.deleteEntry("ca");
    own.init(identities, PASSWORD);
    KeyStore trusted = store("");
    for (String name : List.of("rsa", "ec")) {
      trusted.setCertificateEntry(name, store(name).getCertificate(name));
    }
    TrustManagerFactory clients = TrustManagerFactory.getInstance("PKIX");
    clients.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), clients.getTrustManagers(), null);
    return context;
  }

  /**
   * Starts a server that answers 404, except to a POST if there is an address for uploads, and
   * closes other connections than those of TLS; returns its port.
   *
   * @param protocols if TLS 1.2 only, a client hears of a refusal before it sends its request
   */
  private int serve(String identity, boolean needsClient, String... protocols)
      throws IOException, GeneralSecurityException {
    SSLServerSocket server =
        (SSLServerSocket)
            context(identity)
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    server.setNeedClientAuth(needsClient);
    if (protocols.length > 0) {
      server.setEnabledProtocols(protocols);
    }
    servers.add(server);
    Thread.ofVirtual()
        .start(() -> {
          while (!server.isClosed()) {
            try (Socket client = server.accept()) {
              answer(client);
            } catch (IOException _) {
              // The client gets an alert, or the test has ended.
            }
          }
        });
    return server.getLocalPort();
  }

  private void answer(Socket client) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
    String first = String.valueOf(in.readLine());
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      // The headers of the request.
    }
    boolean opens = first.startsWith("POST ") && !upload.isEmpty();
    String head =
        (opens ? "HTTP/1.1 202 Accepted\r\nLocation: " + upload : "HTTP/1.1 404 Not Found")
            + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    client.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Without the authorities of the system, which take long to read. */
  private static RegistryOptions plainOptions() {
    return RegistryOptions.of(Map.of("SSL_CERT_FILE", keys.resolve("rsa.crt").toString()))
        .withRetries(2)
        .withFirstWait(Duration.ofMillis(2));
  }

  private RegistryOptions options() {
    return plainOptions().withCertDirectory(folder);
  }

  /** Asks a server for an image; a connection ends in NotFoundException. */
  private StrataException read(String host, RegistryOptions options) {
    Transfer.Listener listener =
        new Transfer.Listener() {
          @Override
          public void retrying(String problem, long waitMillis) {
            retries.add(problem);
          }
        };
    RegistrySource source =
        RegistrySource.of(Reference.parse(host + "/team/app:1"), options, listener);
    try (source) {
      StrataException e = assertThrows(StrataException.class, source::manifest);
      assertEquals(List.of(), retries, String.valueOf(e.getMessage()));
      return e;
    }
  }

  private void assertTls(String expected, String host, RegistryOptions options) {
    for (Boolean verify : Arrays.asList(null, true)) {
      StrataException e = read(host, options.withTlsVerify(verify));
      assertTrue(e instanceof TlsException, e.toString());
      assertTrue(String.valueOf(e.getMessage()).contains(expected), e.getMessage());
    }
  }

  private void assertConnects(String host, RegistryOptions options) {
    StrataException e = read(host, options);
    assertTrue(e instanceof NotFoundException, e.toString());
  }

  @Test
  void reportsCertificatesThatAreNotTrusted() throws Exception {
    String host = "localhost:" + serve("server", false);
    assertTls(host + ": its certificate is not trusted", host, plainOptions());
    assertConnects(host, options());
    assertConnects(host, plainOptions().withTlsVerify(false));
  }

  @Test
  void baseLayersAreReadWithAnyCertificateOnlyIfTheirDescriptionAllowsIt() throws Exception {
    String host = "localhost:" + serve("server", false);
    assertInstanceOf(TlsException.class, readLayer(host, true, plainOptions()));
    assertInstanceOf(NotFoundException.class, readLayer(host, false, plainOptions()));
    // An explicit setting takes precedence.
    assertInstanceOf(
        TlsException.class, readLayer(host, false, plainOptions().withTlsVerify(true)));
    assertInstanceOf(
        NotFoundException.class, readLayer(host, true, plainOptions().withTlsVerify(false)));
  }

  /** Reads a base layer, which the server does not have. */
  private static StrataException readLayer(
      String host, boolean tlsVerify, RegistryOptions options) {
    RegistryLayer layer =
        new RegistryLayer(
            Samples.layer(1, 10).descriptor(),
            LayerSource.of(Reference.parse(host + "/base/os"), tlsVerify));
    try (RegistryLayers layers = RegistryLayers.of(options, new Transfer.Listener() {})) {
      Blob readable = layers.readable(layer);
      return assertThrows(StrataException.class, () -> readable.writeTo(new NullChannel()));
    }
  }

  @Test
  void reportsCertificatesForAnotherNameAndExpiredOnes() throws Exception {
    int port = serve("server", false);
    assertTls("its certificate is for another name", "127.0.0.1:" + port, options());
    assertTls("its certificate has expired", "localhost:" + serve("old", false), options());
  }

  @Test
  void reportsHandshakesThatFail() throws Exception {
    String host = "localhost:" + serve("", false, "TLSv1.2");
    assertTls(
        "the TLS handshake failed (Received fatal alert: handshake_failure)", host, options());
    // A server that speaks TLS is not tried by plain HTTP.
    StrataException e = read(host, options().withTlsVerify(false));
    assertTrue(e instanceof TlsException, e.toString());
  }

  @Test
  void usesPlainHttpOnlyWithServersThatDoNotSpeakTls() {
    try (FakeRegistry registry = new FakeRegistry()) {
      assertConnects(registry.host(), options());
      assertConnects(registry.host(), options().withTlsVerify(false));
      // Such an answer to plain HTTP is often that of a TLS server; this one does not answer TLS.
      registry.hooks.add(x -> {
        if (x.getRequestURI().getPath().equals("/v2/")) {
          FakeRegistry.reply(x, 400, "");
          return true;
        }
        return false;
      });
      assertConnects(registry.host(), options().withStallTimeout(Duration.ofSeconds(1)));
    }
  }

  @Test
  void presentsClientCertificatesWithKeysOfEachFormat() throws Exception {
    String host = "localhost:" + serve("server", true);
    assertTls(
        "requires a client certificate",
        "localhost:" + serve("server", true, "TLSv1.2"),
        options());
    for (List<String> pair :
        List.of(
            List.of("rsa", pem("PRIVATE KEY", key("rsa"))),
            List.of("rsa", pem("RSA PRIVATE KEY", innerKey("rsa"))),
            List.of("ec", pem("PRIVATE KEY", key("ec"))),
            List.of("ec", "Bag: größe\n" + pem("EC PRIVATE KEY", innerKey("ec"))),
            List.of(
                "ec",
                pem("EC PARAMETERS", new byte[] {6, 0}) + pem("EC PRIVATE KEY", innerKey("ec"))))) {
      String name = pair.getFirst();
      Files.writeString(folder.resolve("me.cert"), certificate(name));
      Files.writeString(folder.resolve("me.key"), pair.getLast());
      assertConnects(host, options());
    }
  }

  @Test
  void reportsKeysThatCannotBeUsed() throws Exception {
    String host = "localhost:" + serve("server", true);
    Files.writeString(folder.resolve("me.cert"), certificate("rsa"));
    byte[] rsa = innerKey("rsa");
    Map<String, String> problems =
        Map.of(
            pem("ENCRYPTED PRIVATE KEY", rsa), "it is encrypted",
            pem("RSA PRIVATE KEY", rsa)
                    .replaceFirst("\n", "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n"),
                "it is encrypted",
            pem("RSA PRIVATE KEY", innerKey("server")), "it does not match its certificate",
            pem("EC PRIVATE KEY", innerKey("ec")), "it does not match its certificate",
            pem("PRIVATE KEY", new byte[9]), "it does not match its certificate",
            pem("OPENSSH PRIVATE KEY", rsa), "it is in the format OPENSSH PRIVATE KEY",
            certificate("rsa"), "it contains no private key in PEM format");
    for (Map.Entry<String, String> problem : problems.entrySet()) {
      Files.writeString(folder.resolve("me.key"), problem.getKey());
      for (Boolean verify : Arrays.asList(null, true, false)) {
        StrataException e = read(host, options().withTlsVerify(verify));
        assertTrue(e instanceof InvalidInputException, e.toString());
        String message = String.valueOf(e.getMessage());
        assertTrue(
            message.startsWith(
                "cannot use the key '" + folder.resolve("me.key") + "': " + problem.getValue()),
            message);
      }
    }
    Files.delete(folder.resolve("me.cert"));
    String message = String.valueOf(read(host, options()).getMessage());
    assertTrue(message.contains("me.key': its certificate is missing"), message);
  }

  private static void push(String host, RegistryOptions options) {
    RegistryDestination.of(Samples.reference(host), options)
        .write(Samples.image(Samples.layer(1, 1000)), Transfer.quiet(1));
  }

  @Test
  void sendsLayersByTlsOnlyIfTheRegistrySpeaksTls() throws Exception {
    String host = "localhost:" + serve("server", false);
    try (FakeRegistry plain = new FakeRegistry()) {
      for (String address : List.of("http://" + plain.host(), "http://" + host)) {
        upload = address + "/v2/team/app/blobs/uploads/u1";
        for (Boolean verify : Arrays.asList(null, true)) {
          Failures.assertFails(
              () -> push(host, options().withTlsVerify(verify)), "leads to an address without TLS");
        }
      }
      assertEquals(List.of(), plain.requests());
      upload = "http://" + plain.host() + "/v2/team/app/blobs/uploads/" + plain.openUpload();
      // That registry opens no other upload, so that only the first blob arrives.
      assertThrows(
          StrataException.class,
          () -> push(host, plainOptions().withRetries(0).withTlsVerify(false)));
      assertTrue(plain.count("PUT /v2/team/app/blobs/uploads/") > 0);
    }
  }

  @Test
  void aRegistryElsewhereCannotHaveLayersSentToThisMachine() throws Exception {
    int port = serve("server", false);
    try (ConnectProxy proxy = new ConnectProxy("me:secret", port);
        FakeRegistry local = new FakeRegistry()) {
      RegistryOptions options =
          RegistryOptions.of(
                  Map.of(
                      "SSL_CERT_FILE",
                      keys.resolve("rsa.crt").toString(),
                      "HTTPS_PROXY",
                      "http://me:secret@127.0.0.1:" + proxy.port()))
              .withRetries(1)
              .withFirstWait(Duration.ofMillis(2))
              .withCertDirectory(folder);
      upload = "https://localhost:" + port + "/v2/team/app/blobs/uploads/u1";
      Failures.assertFails(
          () -> push("registry.example", options), "leads to an address of this machine");
      upload = "http://" + local.host() + "/v2/team/app/blobs/uploads/u1";
      Failures.assertFails(
          () -> push("registry.example", options), "leads to an address without TLS");
      assertEquals(List.of(), local.requests());
    }
  }

  @Test
  void readsSeveralCertificatesOfAFileEvenIfOneIsDamaged() throws Exception {
    String host = "localhost:" + serve("server", false);
    Files.writeString(
        folder.resolve("ca.crt"),
        certificate("rsa")
            + "subject=CN - größe\n"
            + pem("CERTIFICATE", new byte[] {1, 2, 3})
            + certificate("server"));
    assertConnects(host, options());
    Files.writeString(folder.resolve("ca.crt"), "nothing");
    String message = String.valueOf(read(host, options()).getMessage());
    assertTrue(message.contains("cannot read the certificate '"), message);
    assertFalse(message.contains("not trusted"), message);
  }

  @Test
  void findsTheFolderOfTheRegistryInTheHomeFolder() throws Exception {
    String host = "localhost:" + serve("server", false);
    RegistryOptions home =
        RegistryOptions.of(
                Map.of(
                    "HOME", folder.toString(), "SSL_CERT_FILE", keys.resolve("rsa.crt").toString()))
            .withRetries(2);
    assertTls("not trusted", host, home);
    Path certificates =
        Files.createDirectories(folder.resolve(".config/containers/certs.d").resolve(host));
    Files.move(folder.resolve("ca.crt"), certificates.resolve("ca.crt"));
    assertConnects(host, home);
  }
}
