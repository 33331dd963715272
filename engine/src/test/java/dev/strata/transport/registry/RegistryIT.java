package dev.strata.transport.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.image.IndexBlobs;
import dev.strata.io.TlsException;
import dev.strata.oci.Platform;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Reference;
import dev.strata.testing.Failures;
import dev.strata.testing.Tools;
import dev.strata.transport.Transfer;
import dev.strata.transport.folder.SkopeoDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pushes to and pulls from Debian's docker-registry; Skopeo reads what was pushed. */
@Timeout(120)
final class RegistryIT {
  private static final String USER = "me:p4ssw0rd-of-mine";

  @TempDir private Path temporary;

  @BeforeAll
  static void requireTools() {
    Tools.require("docker-registry", "skopeo", "openssl", "htpasswd");
  }

  private static ImageBlobs image() {
    return Samples.image(
        Samples.layer(1, 2_000_000), Samples.layer(2, 300), Samples.layer(3, 700_000));
  }

  private static Reference reference(String host) {
    return Reference.parse(host + "/team/app:1");
  }

  private static Descriptor push(String host, ImageBlobs image, RegistryOptions options) {
    return RegistryDestination.of(reference(host), options).write(image, Transfer.quiet(3));
  }

  private static String skopeo(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("skopeo", "--insecure-policy"));
    command.addAll(List.of(arguments));
    Process process =
        Tools.process(command.toArray(String[]::new)).redirectErrorStream(true).start();
    String printed = Tools.read(process.getInputStream());
    try {
      assertEquals(0, process.waitFor(), printed);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return printed;
  }

  /** Reads the image with Skopeo and compares every byte. */
  private void assertSkopeoReads(String host, ImageBlobs image, String... flags)
      throws IOException {
    Path folder = Files.createTempDirectory(temporary, "read");
    List<String> arguments = new ArrayList<>(List.of("copy"));
    arguments.addAll(List.of(flags));
    arguments.add("docker://" + reference(host));
    arguments.add("dir:" + folder);
    skopeo(arguments.toArray(String[]::new));
    assertArrayEquals(
        dev.strata.oci.Manifest.bytes(image.manifest()),
        Files.readAllBytes(folder.resolve("manifest.json")));
    List<Blob> blobs = new ArrayList<>(image.layers());
    blobs.add(image.config());
    for (Blob blob : blobs) {
      Path file = folder.resolve(blob.descriptor().digest().hex());
      assertEquals(blob.descriptor().digest(), dev.strata.blob.Digest.of(Files.readAllBytes(file)));
    }
  }

  @Test
  void pushesAndPullsOverPlainHttp() throws IOException {
    ImageBlobs image = image();
    try (DebianRegistry registry = DebianRegistry.start(temporary, "", "")) {
      Descriptor pushed = push(registry.host(), image, Samples.options());
      assertEquals(image.manifest().descriptor(), pushed);
      assertSkopeoReads(registry.host(), image, "--src-tls-verify=false");
      Path folder = temporary.resolve("pulled");
      try (RegistrySource source =
          RegistrySource.of(
              reference(registry.host()), Samples.options(), new Transfer.Listener() {})) {
        assertTrue(source.open(PlatformChoice.local()) instanceof CopySource.Single);
        if (source.open(PlatformChoice.local()) instanceof CopySource.Single single) {
          SkopeoDirectory.at(folder).write(single.image(), Transfer.quiet(2));
        }
      }
      assertTrue(
          skopeo("inspect", "--raw", "dir:" + folder)
              .contains(image.config().descriptor().digest().hex()));
    }
  }

  @Test
  void sendsNothingTheSecondTimeAndMountsInAnotherRepository() {
    List<String> reasons = Collections.synchronizedList(new ArrayList<>());
    Transfer.Listener listener =
        new Transfer.Listener() {
          @Override
          public void skipped(Descriptor descriptor, String reason) {
            reasons.add(reason);
          }
        };
    try (DebianRegistry registry = DebianRegistry.start(temporary, "", "")) {
      ImageBlobs image = image();
      push(registry.host(), image, Samples.options());
      RegistryDestination.of(reference(registry.host()), Samples.options())
          .write(image, new Transfer(3, listener));
      assertEquals(Collections.nCopies(4, "exists"), reasons);
      reasons.clear();
      RegistryDestination.of(
              Reference.parse(registry.host() + "/other/name:2"),
              Samples.options().withMountFrom(List.of("team/app")))
          .write(image, new Transfer(3, listener));
      assertEquals(Collections.nCopies(4, "mounted"), reasons);
    }
  }

  @Test
  void pushesInChunks() throws IOException {
    ImageBlobs image = image();
    try (DebianRegistry registry = DebianRegistry.start(temporary, "", "")) {
      push(registry.host(), image, Samples.options().withChunkSize(123_457));
      assertSkopeoReads(registry.host(), image, "--src-tls-verify=false");
    }
  }

  @Test
  void resumesOverALineThatBreaks() throws IOException {
    // This registry loses an upload that broke within a request (distribution 2.8: "upload resumed
    // at wrong offset"), so the layer starts again after each break.
    ImageBlobs image = Samples.image(Samples.layer(1, 30_000_000));
    AtomicInteger connections = new AtomicInteger();
    try (DebianRegistry registry = DebianRegistry.start(temporary, "", "");
        FaultyLine line =
            new FaultyLine(
                registry.port(),
                () -> connections.incrementAndGet() > 3 ? FaultyLine.NEVER : 9_000_000,
                () -> FaultyLine.NEVER,
                0)) {
      push(line.host(), image, Samples.options().withFirstWait(Duration.ofMillis(100)));
      assertTrue(connections.get() > 3);
      assertSkopeoReads(registry.host(), image, "--src-tls-verify=false");
    }
  }

  @Test
  void pushesAnIndex() throws IOException {
    try (DebianRegistry registry = DebianRegistry.start(temporary, "", "")) {
      ImageBlobs one = image();
      ImageBlobs two = Samples.image(Samples.layer(1, 2_000_000), Samples.layer(9, 10));
      RegistryDestination.of(reference(registry.host()), Samples.options())
          .writeIndex(
              IndexBlobs.of(
                  List.of(
                      IndexBlobs.Member.of(one, new Platform("linux", "amd64", "")),
                      IndexBlobs.Member.of(two, new Platform("linux", "arm64", "v8")))),
              Transfer.quiet(3));
      Path folder = temporary.resolve("all");
      skopeo(
          "copy",
          "--all",
          "--src-tls-verify=false",
          "docker://" + reference(registry.host()),
          "dir:" + folder);
      for (ImageBlobs image : List.of(one, two)) {
        assertTrue(
            Files.exists(
                folder.resolve(image.manifest().descriptor().digest().hex() + ".manifest.json")));
      }
    }
  }

  /** Creates a key and a self-signed certificate for 127.0.0.1. */
  private Path certificates() throws IOException {
    Path folder = Files.createDirectories(temporary.resolve("certs"));
    Tools.run(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=registry",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-keyout",
        folder.resolve("registry.pem").toString(),
        "-out",
        folder.resolve("ca.crt").toString());
    return folder;
  }

  private static String tls(Path certificates) {
    return "  tls:\n    certificate: "
        + certificates.resolve("ca.crt")
        + "\n    key: "
        + certificates.resolve("registry.pem")
        + "\n";
  }

  @Test
  void trustsAnAuthorityFromACertificateFolder() throws IOException {
    Path certificates = certificates();
    ImageBlobs image = image();
    try (DebianRegistry registry = DebianRegistry.start(temporary, tls(certificates), "")) {
      for (Boolean verify : java.util.Arrays.asList(null, true)) {
        TlsException e =
            assertThrows(
                TlsException.class,
                () -> push(registry.host(), image, Samples.options().withTlsVerify(verify)));
        assertTrue(e.isUntrusted(), e.getMessage());
      }
      push(
          registry.host(),
          image,
          Samples.options().withTlsVerify(true).withCertDirectory(certificates));
      assertSkopeoReads(registry.host(), image, "--src-cert-dir", certificates.toString());
      push(registry.host(), image, Samples.options().withTlsVerify(false));
    }
  }

  @Test
  void presentsAClientCertificate() throws IOException {
    Path certificates = certificates();
    String http =
        tls(certificates) + "    clientcas:\n      - " + certificates.resolve("ca.crt") + "\n";
    try (DebianRegistry registry = DebianRegistry.start(temporary, http, "")) {
      RegistryOptions options = Samples.options().withTlsVerify(true).withRetries(0);
      Failures.messageOf(
          () -> push(registry.host(), image(), options.withCertDirectory(certificates)));
      Path with = Files.createDirectories(temporary.resolve("client"));
      Files.copy(certificates.resolve("ca.crt"), with.resolve("ca.crt"));
      Files.copy(certificates.resolve("ca.crt"), with.resolve("me.cert"));
      Files.copy(certificates.resolve("registry.pem"), with.resolve("me.key"));
      push(registry.host(), image(), options.withCertDirectory(with));
    }
  }

  @Test
  void requiresTlsWhenSet() {
    try (DebianRegistry registry = DebianRegistry.start(temporary, "", "")) {
      Failures.assertFails(
          () -> push(registry.host(), image(), Samples.options().withTlsVerify(true)),
          "cannot speak TLS");
    }
  }

  @Test
  void logsInByPassword() throws IOException {
    Path passwords = temporary.resolve("passwords");
    Tools.run(
        "htpasswd", "-B", "-b", "-c", passwords.toString(), USER.split(":")[0], USER.split(":")[1]);
    String auth = "auth:\n  htpasswd:\n    realm: registry\n    path: " + passwords + "\n";
    ImageBlobs image = image();
    try (DebianRegistry registry = DebianRegistry.start(temporary, "", auth)) {
      Failures.assertFails(
          () -> push(registry.host(), image, Samples.options()), "401", "without credentials");
      Failures.assertFails(
          () -> push(registry.host(), image, Samples.options().withCredentials("me:wrong-one")),
          "401",
          "with the given user name and password");
      Path file = temporary.resolve("auth.json");
      String pair = Base64.getEncoder().encodeToString(USER.getBytes(StandardCharsets.UTF_8));
      Files.writeString(
          file, "{\"auths\":{\"" + registry.host() + "\":{\"auth\":\"" + pair + "\"}}}");
      push(registry.host(), image, Samples.options().withAuthFile(file));
      assertSkopeoReads(registry.host(), image, "--src-tls-verify=false", "--src-creds", USER);
    }
  }

  @Test
  void logsInByToken() throws IOException {
    Path certificates = certificates();
    try (TokenServer tokens =
        new TokenServer(
            certificates.resolve("registry.pem"), certificates.resolve("ca.crt"), USER)) {
      String auth =
          "auth:\n  token:\n    realm: "
              + tokens.realm()
              + "\n    service: "
              + TokenServer.SERVICE
              + "\n    issuer: "
              + TokenServer.ISSUER
              + "\n    rootcertbundle: "
              + certificates.resolve("ca.crt")
              + "\n";
      ImageBlobs image = image();
      try (DebianRegistry registry = DebianRegistry.start(temporary, "", auth)) {
        Failures.assertFails(
            () -> push(registry.host(), image, Samples.options().withCredentials("me:wrong-one")),
            "answered 401 (wrong password)");
        assertEquals(0, tokens.tokens.get());
        push(registry.host(), image, Samples.options().withCredentials(USER));
        assertEquals(1, tokens.tokens.get());
        assertSkopeoReads(registry.host(), image, "--src-tls-verify=false", "--src-creds", USER);
      }
    }
  }

  @Test
  void pushesThroughAProxyWithAPassword() throws IOException {
    Path certificates = certificates();
    ImageBlobs image = image();
    Properties before = (Properties) System.getProperties().clone();
    try (DebianRegistry registry = DebianRegistry.start(temporary, tls(certificates), "");
        ConnectProxy proxy = new ConnectProxy("me:p@ss", registry.port())) {
      RegistryOptions options =
          RegistryOptions.of(Map.of("HTTPS_PROXY", "http://me:p%40ss@127.0.0.1:" + proxy.port()))
              .withTlsVerify(false);
      push("registry.example.org", image, options);
      assertSkopeoReads(registry.host(), image, "--src-cert-dir", certificates.toString());
      for (String request : proxy.requests) {
        assertTrue(request.startsWith("CONNECT registry.example.org:443 "), request);
        assertFalse(request.contains("Ticket"), request);
      }
    }
    assertEquals(before, System.getProperties());
  }
}
