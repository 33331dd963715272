package dev.strata.transport.registry;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blob;
import dev.strata.image.CopySource;
import dev.strata.io.CorruptDataException;
import dev.strata.io.InvalidInputException;
import dev.strata.io.MissingDependencyException;
import dev.strata.io.NotFoundException;
import dev.strata.io.TlsException;
import dev.strata.io.UnauthorizedException;
import dev.strata.io.UnreachableException;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Reference;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which exception a failure leads to. */
@Timeout(60)
final class FailuresTest {
  @TempDir private Path home;

  private final FakeRegistry registry = new FakeRegistry();

  @AfterEach
  void close() {
    registry.close();
  }

  private String place() {
    return registry.host() + "/team/app:1";
  }

  private void push(RegistryOptions options) {
    RegistryDestination.of(Samples.reference(registry.host()), options)
        .write(Samples.image(Samples.layer(1, 100_000)), Transfer.quiet(2));
  }

  private RegistrySource source(RegistryOptions options) {
    return RegistrySource.of(
        Samples.reference(registry.host()), options, new Transfer.Listener() {});
  }

  private Blob manifest(RegistryOptions options) {
    try (RegistrySource source = source(options)) {
      return source.manifest();
    }
  }

  /** Has the registry answer uploads or reads of manifests with a status. */
  private void answer(int status) {
    registry.hooks.add(x -> {
      boolean refused =
          x.getRequestMethod().equals("POST")
              || x.getRequestURI().getPath().contains("/manifests/");
      if (refused) {
        FakeRegistry.reply(x, status, FakeRegistry.error("DENIED"));
      }
      return refused;
    });
  }

  private void answerTo(String method, String path, int status) {
    registry.hooks.add(x -> {
      boolean refused =
          x.getRequestMethod().equals(method) && x.getRequestURI().getPath().contains(path);
      if (refused) {
        x.getRequestBody().readAllBytes();
        FakeRegistry.reply(x, status, "");
      }
      return refused;
    });
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void refusedAccess(int status) {
    answer(status);
    for (UnauthorizedException e :
        new UnauthorizedException[] {
          assertThrows(UnauthorizedException.class, () -> push(Samples.options())),
          assertThrows(UnauthorizedException.class, () -> manifest(Samples.options()))
        }) {
      assertEquals(place(), e.place());
      assertTrue(String.valueOf(e.getMessage()).contains("answered " + status), e.getMessage());
      assertFalse(String.valueOf(e.getMessage()).contains("--"), e.getMessage());
    }
  }

  @Test
  void missingImage() {
    assertThrows(NotFoundException.class, () -> manifest(Samples.options()));
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 405, 413, 501})
  void otherRefusals(int status) {
    answer(status);
    RegistryException e = assertThrows(RegistryException.class, () -> push(Samples.options()));
    assertEquals(status, e.status());
    assertTrue(e.isBlob());
    assertEquals(place(), e.place());
    assertFalse(String.valueOf(e.getMessage()).contains("--"), e.getMessage());
  }

  @Test
  void aRefusedManifestIsNoLayer() {
    answerTo("PUT", "/manifests/", 413);
    RegistryException e = assertThrows(RegistryException.class, () -> push(Samples.options()));
    assertEquals(413, e.status());
    assertFalse(e.isBlob());
  }

  /** Firewalls answer 403 to methods that they do not let through. */
  @ParameterizedTest
  @ValueSource(ints = {403, 405, 411, 501})
  void sendsABlobInOneRequestIfPartsAreRefused(int status) {
    answerTo("PATCH", "/blobs/uploads/", status);
    push(Samples.options().withChunkSize(300));
    assertTrue(registry.manifests.containsKey("team/app/1"));
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 405, 500, 501})
  void pushesAKnownImageIfTheRegistryDoesNotSayWhichManifestsItHas(int status) {
    push(Samples.options());
    registry.manifests.clear();
    answerTo("HEAD", "/manifests/", status);
    push(Samples.options().withRetries(1));
    assertTrue(registry.manifests.containsKey("team/app/1"));
  }

  /** Checks the exact class, since a subclass in the engine is internal. */
  private static UnreachableException assertUnreachable(
      Class<?> type, int attempts, Runnable work) {
    UnreachableException e = assertThrows(UnreachableException.class, work::run);
    assertSame(type, e.getClass());
    assertEquals(attempts, e.attempts());
    for (Throwable t = e; t != null; t = t.getCause()) {
      assertFalse(t.getClass().getName().contains("TransientException"), "internal cause");
    }
    return e;
  }

  @Test
  void repeatedServerErrors() {
    answer(503);
    RegistryOptions options = Samples.options().withRetries(2);
    assertUnreachable(UnreachableException.class, 3, () -> push(options));
    assertUnreachable(UnreachableException.class, 3, () -> manifest(options));
  }

  @Test
  void refusedConnection() {
    registry.close();
    UnreachableException e =
        assertUnreachable(UnreachableException.class, 0, () -> push(Samples.options()));
    assertInstanceOf(ConnectException.class, e.getCause());
  }

  @Test
  void unknownHost() {
    Reference unknown = Reference.parse("registry.invalid/team/app");
    try (RegistrySource source =
        RegistrySource.of(unknown, Samples.options(), new Transfer.Listener() {})) {
      UnreachableException e = assertUnreachable(UnreachableException.class, 0, source::manifest);
      assertTrue(String.valueOf(e.getMessage()).contains("unknown host"), e.getMessage());
    }
  }

  @Test
  void connectionThatBreaksEachTime() {
    registry.hooks.add(x -> {
      if (x.getRequestURI().getPath().equals("/v2/")) {
        return false;
      }
      throw new IOException("hang up");
    });
    assertUnreachable(UnreachableException.class, 2, () -> push(Samples.options().withRetries(1)));
  }

  @Test
  void serverWithoutTls() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.startVirtualThread(() -> answerPlainHttp(server));
      Reference reference = Samples.reference("127.0.0.1:" + server.getLocalPort());
      RegistryOptions options = Samples.options().withTlsVerify(true);
      try (RegistrySource source =
          RegistrySource.of(reference, options, new Transfer.Listener() {})) {
        TlsException e = assertThrows(TlsException.class, source::manifest);
        assertFalse(e.isUntrusted());
        assertEquals(reference.toString(), e.place());
      }
    }
  }

  /** Answers all connections; the JDK's client may try again by itself. */
  private static void answerPlainHttp(ServerSocket server) {
    while (!server.isClosed()) {
      try (Socket client = server.accept()) {
        assertTrue(client.getInputStream().read(new byte[1 << 14]) > 0);
        client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
        client.getInputStream().transferTo(OutputStream.nullOutputStream());
      } catch (IOException _) {
        // The client has gone, or the test is over.
      }
    }
  }

  @Test
  void refusalOfTheTokenServer() {
    registry.hooks.add(x -> {
      boolean token = x.getRequestURI().getPath().equals("/token");
      x.getResponseHeaders()
          .set("WWW-Authenticate", "Bearer realm=\"http://" + registry.host() + "/token\"");
      FakeRegistry.reply(x, token ? 403 : 401, FakeRegistry.error("DENIED"));
      return true;
    });
    UnauthorizedException e =
        assertThrows(UnauthorizedException.class, () -> push(Samples.options()));
    assertEquals(place(), e.place());
  }

  @Test
  void wrongBytes() throws IOException {
    push(Samples.options());
    registry.blobs.replaceAll((_, bytes) -> Samples.bytes(9, bytes.length));
    try (RegistrySource source = source(Samples.options())) {
      Blob layer = layer(source);
      assertThrows(CorruptDataException.class, () -> layer.writeTo(new Target(null)));
    }
    registry.hooks.add(x -> {
      x.getResponseHeaders().set("Docker-Content-Digest", "sha256:" + "1".repeat(64));
      FakeRegistry.reply(x, 200, "{}");
      return true;
    });
    assertThrows(CorruptDataException.class, () -> manifest(Samples.options().withRetries(1)));
  }

  private static Blob layer(RegistrySource source) {
    return switch (source.open(PlatformChoice.all())) {
      case CopySource.Single single -> single.image().layers().getFirst();
      case CopySource.Several _ -> throw new AssertionError("not a single image");
    };
  }

  /** Fails with an exception, or accepts everything. */
  private record Target(@Nullable IOException failure) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) throws IOException {
      if (failure != null) {
        throw failure;
      }
      int n = bytes.remaining();
      bytes.position(bytes.limit());
      return n;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  @Test
  void failureOfTheTargetComesOutAsTheSameObject() {
    push(Samples.options());
    IOException failure = new IOException("broken pipe");
    try (RegistrySource source = source(Samples.options())) {
      Blob layer = layer(source);
      assertSame(
          failure, assertThrows(IOException.class, () -> layer.writeTo(new Target(failure))));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1_000_000})
  void errorOfALayer(int size) {
    OutOfMemoryError error = new OutOfMemoryError("while the layer is read");
    Blob layer =
        new Samples.Counted(Samples.bytes(1, size)) {
          @Override
          public void writeTo(WritableByteChannel target) throws IOException {
            target.write(ByteBuffer.allocate(size / 2));
            throw error;
          }
        };

    OutOfMemoryError thrown =
        assertThrows(
            OutOfMemoryError.class,
            () ->
                RegistryDestination.of(Samples.reference(registry.host()), Samples.options())
                    .write(Samples.image(layer), Transfer.quiet(2)));

    assertSame(error, thrown);
  }

  @Test
  void badOptions() {
    RegistryOptions options = Samples.options();
    assertThrows(InvalidInputException.class, () -> options.withRetries(-1));
    assertThrows(InvalidInputException.class, () -> options.withChunkSize(-1));
    assertThrows(InvalidInputException.class, () -> options.withCredentials(":secret"));
    assertThrows(
        NotFoundException.class, () -> push(options.withCertDirectory(home.resolve("none"))));
  }

  @Test
  void credentialsThatCannotBeRead() throws IOException {
    answer(401);
    Path file = home.resolve("auth.json");
    assertThrows(NotFoundException.class, () -> push(Samples.options().withAuthFile(file)));
    Files.writeString(file, "{");
    assertThrows(InvalidInputException.class, () -> push(Samples.options().withAuthFile(file)));
    Files.writeString(file, "{\"credHelpers\":{\"" + registry.host() + "\":\"none\"}}");
    RegistryOptions options = RegistryOptions.of(Map.of("PATH", home.toString()));
    assertThrows(MissingDependencyException.class, () -> push(options.withAuthFile(file)));
    Path helper = home.resolve("docker-credential-none");
    Files.writeString(helper, "#!/bin/sh\nexit 3\n");
    assertTrue(helper.toFile().setExecutable(true));
    UnauthorizedException e =
        assertThrows(UnauthorizedException.class, () -> push(options.withAuthFile(file)));
    assertEquals(place(), e.place());
  }

  @Test
  void proxyThatDeniesThePassword() throws IOException {
    Properties before = (Properties) System.getProperties().clone();
    try (ConnectProxy proxy = new ConnectProxy("me:right", registry.port())) {
      RegistryOptions options =
          RegistryOptions.of(Map.of("HTTPS_PROXY", "http://me:wrong@127.0.0.1:" + proxy.port()));
      try (RegistrySource source =
          RegistrySource.of(
              Reference.parse("registry.example.org/a"), options, new Transfer.Listener() {})) {
        UnauthorizedException e = assertThrows(UnauthorizedException.class, source::manifest);
        assertTrue(String.valueOf(e.getMessage()).contains("proxy"), e.getMessage());
        assertNull(e.place());
      }
      assertEquals(1, proxy.requests.size());
      assertTrue(
          proxy.requests.getFirst().startsWith("CONNECT registry.example.org:443 HTTP/1.1\r\n"));
    }
    assertEquals(before, System.getProperties());
  }
}
