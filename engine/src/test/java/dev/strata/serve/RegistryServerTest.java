package dev.strata.serve;

import static dev.strata.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.image.Image;
import dev.strata.image.ImageFile;
import dev.strata.image.ImageIndex;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBuilder;
import dev.strata.layer.LayerChangedException;
import dev.strata.layering.LayerPath;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Manifest;
import dev.strata.oci.Platform;
import dev.strata.oci.Reference;
import dev.strata.oci.Timestamp;
import dev.strata.testing.Streams;
import dev.strata.transport.StuckImage;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RegistryServerTest {
  private static final int LARGE = 3_000_000;

  @TempDir private Path folder;

  private final HttpClient client = HttpClient.newHttpClient();
  private final BlockingQueue<String> failures = new LinkedBlockingQueue<>();
  private Path file;
  private Image image;
  private RegistryServer server;

  @BeforeEach
  void serve() throws IOException {
    file = folder.resolve("path/file");
    Files.createDirectories(file.getParent());
    byte[] content = new byte[LARGE];
    new Random(1).nextBytes(content);
    Files.write(file, content);
    image = image(folder.resolve("path"));
    server = server(image);
  }

  private RegistryServer server(Image served) {
    image = served;
    return new RegistryServer.Builder(2)
        .add(served, Reference.parse("app:1"))
        .add(served, Reference.parse("app:2"))
        .add(served, Reference.parse("team/app"))
        .listener(
            new RegistryServer.Listener() {
              @Override
              public void failed(String path, String problem) {
                failures.add(problem);
              }
            })
        .start();
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  private static Image image(Path path) {
    List<LayerPath> paths = List.of(new LayerPath(path.toString(), null));
    List<Layer> layers = LayerBuilder.create().build(List.of(paths));
    return Image.assemble(ImageConfig.EMPTY, null, layers, "amd64", Timestamp.ZERO);
  }

  /**
   * As the distribution specification demands: an empty index, and 400 for anything that is not a
   * digest.
   */
  @Test
  void listsNoReferrers() {
    HttpResponse<byte[]> response = get("/v2/team/app/referrers/sha256:" + "0".repeat(64));
    assertEquals(200, response.statusCode());
    assertEquals(
        "application/vnd.oci.image.index.v1+json",
        response.headers().firstValue("Content-Type").get());
    assertEquals(
        "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\","
            + "\"manifests\":[]}",
        new String(response.body(), StandardCharsets.UTF_8));
    assertEquals(400, get("/v2/team/app/referrers/sha256:00").statusCode());
  }

  @Test
  void passesOnWhichLayerHasChanged() throws Exception {
    BlockingQueue<Layer> changed = new LinkedBlockingQueue<>();
    Layer layer = image.layers().getFirst();
    byte[] content = Files.readAllBytes(file);
    content[17] ^= 1;
    Files.write(file, content);
    try (RegistryServer listening =
        new RegistryServer.Builder(1)
            .add(image, Reference.parse("app:1"))
            .listener(
                new RegistryServer.Listener() {
                  @Override
                  public void changed(String path, LayerChangedException error) {
                    changed.add(error.layer());
                  }
                })
            .start()) {
      URI blob = URI.create("http://" + listening.address() + "/v2/app/blobs/" + layer.digest());
      assertThrows(
          IOException.class,
          () ->
              client.send(
                  HttpRequest.newBuilder(blob).build(), HttpResponse.BodyHandlers.ofByteArray()));
      assertEquals(layer, changed.poll(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void identifiesItselfAsARegistry() {
    HttpResponse<byte[]> response = get("/v2/");
    assertEquals(200, response.statusCode());
    assertEquals(
        "registry/2.0", response.headers().firstValue("Docker-Distribution-Api-Version").get());
  }

  @Test
  void servesAnIndexWithItsImages() throws IOException {
    List<ImageIndex.Entry> entries = new ArrayList<>();
    for (String arch : List.of("amd64", "arm64")) {
      Image one = Image.assemble(ImageConfig.EMPTY, null, image.layers(), arch, Timestamp.ZERO);
      Path json = Files.writeString(folder.resolve(arch + ".json"), one.toJson());
      entries.add(new ImageIndex.Entry(json.toString(), new Platform("linux", arch, "")));
    }
    Path both = Files.writeString(folder.resolve("both.json"), new ImageIndex(entries).toJson());
    server.close();
    server =
        new RegistryServer.Builder(1)
            .add(ImageFile.read(both), Reference.parse("app:all"))
            .add(ImageFile.read(folder.resolve("arm64.json")), Reference.parse("app:arm"))
            .start();
    HttpResponse<byte[]> index = get("/v2/app/manifests/all");
    assertEquals(MediaTypes.INDEX, index.headers().firstValue("Content-Type").get());
    Manifest read = Manifest.parse("the index", index.body(), "");
    assertEquals(2, read.images().size());
    assertArrayEquals(index.body(), get("/v2/app/manifests/" + Digest.of(index.body())).body());
    for (Manifest.Member member : read.images()) {
      byte[] manifest = get("/v2/app/manifests/" + member.descriptor().digest()).body();
      assertEquals(member.descriptor().digest(), Digest.of(manifest));
      Manifest one = Manifest.parse("the manifest", manifest, "");
      assertEquals(200, get("/v2/app/blobs/" + one.config().digest()).statusCode());
      String layer = "/v2/app/blobs/" + one.layers().getFirst().digest();
      assertEquals(206, request("GET", layer, "bytes=5-9").statusCode(), "parts of layers");
    }
    assertArrayEquals(
        get("/v2/app/manifests/arm").body(),
        get("/v2/app/manifests/" + read.images().getLast().descriptor().digest()).body());
    assertFails(
        () ->
            new RegistryServer.Builder(1)
                .add(ImageFile.read(both), Reference.parse("app:1"))
                .add(ImageFile.read(both), Reference.parse("app:1")),
        "two images have the name app:1");
  }

  @Test
  void servesManifestsByTagAndByDigest() {
    HttpResponse<byte[]> byTag = get("/v2/app/manifests/1");
    String digest = byTag.headers().firstValue("Docker-Content-Digest").get();
    assertEquals(Digest.of(byTag.body()).value(), digest);
    assertEquals(
        "application/vnd.oci.image.manifest.v1+json",
        byTag.headers().firstValue("Content-Type").get());
    assertArrayEquals(byTag.body(), get("/v2/app/manifests/" + digest).body());
  }

  @Test
  void lastsForEverOnlyUnderADigest() {
    String digest = get("/v2/app/manifests/1").headers().firstValue("Docker-Content-Digest").get();
    String layer = image.layers().getFirst().digest().value();
    assertEquals("no-cache", cacheControl("/v2/app/manifests/1"));
    assertEquals("max-age=31536000, immutable", cacheControl("/v2/app/manifests/" + digest));
    assertEquals("max-age=31536000, immutable", cacheControl("/v2/app/blobs/" + layer));
    assertEquals("", cacheControl("/v2/app/tags/list"));
    assertEquals("", cacheControl("/v2/app/manifests/3"));
  }

  private String cacheControl(String path) {
    return get(path).headers().firstValue("Cache-Control").orElse("");
  }

  @Test
  void describesAManifestInResponseToHead() {
    HttpResponse<byte[]> head = request("HEAD", "/v2/app/manifests/1", "");
    HttpResponse<byte[]> get = get("/v2/app/manifests/1");
    assertEquals(200, head.statusCode());
    assertEquals(0, head.body().length);
    for (String name : List.of("Content-Length", "Content-Type", "Docker-Content-Digest")) {
      assertEquals(get.headers().firstValue(name), head.headers().firstValue(name), name);
    }
  }

  @Test
  void servesConfigurationAndLayer() {
    byte[] config = get("/v2/app/blobs/" + image.configBlob().descriptor().digest()).body();
    assertArrayEquals(Manifest.bytes(image.configBlob()), config);
    assertArrayEquals(layer(), get(layerPath()).body());
  }

  @Test
  void describesALayerWithoutReadingIt() throws IOException {
    Files.delete(file);
    HttpResponse<byte[]> head = request("HEAD", layerPath(), "");
    assertEquals(200, head.statusCode());
    assertEquals(
        Long.toString(image.layers().getFirst().size().orElseThrow()),
        head.headers().firstValue("Content-Length").get());
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 1",
    "bytes=511-513, 511, 514",
    "bytes=1000-, 1000, -1",
    "bytes=0-, 0, -1",
    "bytes=300000-2999999, 300000, 3000000",
    "bytes=-700, -700, -1",
    "bytes=-99999999999, 0, -1",
    "bytes=2000000-99999999999, 2000000, -1"
  })
  void servesARangeOfALayer(String range, int from, int to) {
    byte[] whole = layer();
    int start = from < 0 ? whole.length + from : from;
    int end = to < 0 ? whole.length : to;
    HttpResponse<byte[]> response = request("GET", layerPath(), range);
    assertEquals(206, response.statusCode());
    assertArrayEquals(Arrays.copyOfRange(whole, start, end), response.body());
    assertEquals(
        "bytes " + start + "-" + (end - 1) + "/" + whole.length,
        response.headers().firstValue("Content-Range").get());
  }

  @ParameterizedTest
  @CsvSource({"bytes=99999999-", "bytes=-0"})
  void refusesARangeBeyondTheEnd(String range) {
    HttpResponse<byte[]> response = request("GET", layerPath(), range);
    assertEquals(416, response.statusCode());
    assertEquals("bytes */" + layer().length, response.headers().firstValue("Content-Range").get());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"lines=0-1", "bytes=5-2", "bytes=4-5,0-1", "bytes=-"})
  void ignoresRangesItDoesNotSupport(String range) {
    HttpResponse<byte[]> response = request("GET", layerPath(), range);
    assertEquals(200, response.statusCode());
    assertEquals(layer().length, response.body().length);
  }

  @Test
  void servesARangeOfALayerInAFile() throws IOException {
    Path kept = Files.createDirectories(folder.resolve("kept"));
    List<LayerPath> paths = List.of(new LayerPath(folder.resolve("path").toString(), null));
    List<Layer> layers =
        LayerBuilder.create().withTarDirectory(kept.toString()).build(List.of(paths));
    Image inFile = Image.assemble(ImageConfig.EMPTY, null, layers, "amd64", Timestamp.ZERO);
    server.close();
    server = new RegistryServer.Builder(1).add(inFile, Reference.parse("app:1")).start();
    HttpResponse<byte[]> response = request("GET", layerPath(), "bytes=100-2000000");
    assertArrayEquals(Arrays.copyOfRange(layer(), 100, 2_000_001), response.body());
  }

  @Test
  void listsTagsAndRepositories() {
    assertEquals("{\"name\":\"app\",\"tags\":[\"1\",\"2\"]}", text("/v2/app/tags/list"));
    assertEquals("{\"repositories\":[\"app\",\"team/app\"]}", text("/v2/_catalog"));
  }

  @Test
  void listsTagsInPages() {
    HttpResponse<byte[]> first = get("/v2/app/tags/list?n=1");
    assertEquals("{\"name\":\"app\",\"tags\":[\"1\"]}", string(first));
    assertEquals(
        "</v2/app/tags/list?n=1&last=1>; rel=\"next\"", first.headers().firstValue("Link").get());
    HttpResponse<byte[]> second = get("/v2/app/tags/list?n=1&last=1");
    assertEquals("{\"name\":\"app\",\"tags\":[\"2\"]}", string(second));
    assertTrue(second.headers().firstValue("Link").isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "/v2/other/manifests/1, NAME_UNKNOWN",
    "/v2/app/manifests/3, MANIFEST_UNKNOWN",
    "/v2/app/blobs/sha256:00, BLOB_UNKNOWN",
    "/v2/app/tags/other, UNSUPPORTED",
    "/, UNSUPPORTED",
  })
  void reportsWhatDoesNotExist(String path, String code) {
    HttpResponse<byte[]> response = get(path);
    assertEquals(404, response.statusCode());
    assertTrue(string(response).contains("\"code\":\"" + code + "\""), string(response));
  }

  @Test
  void refusesWrites() {
    HttpResponse<byte[]> response = request("POST", "/v2/app/blobs/uploads", "");
    assertEquals(405, response.statusCode());
    assertEquals("GET, HEAD", response.headers().firstValue("Allow").get());
  }

  @Test
  void closesTheConnectionWhenAFileHasOtherBytes() throws IOException {
    byte[] other = new byte[LARGE];
    Files.write(file, other);
    assertThrows(IOException.class, () -> send("GET", layerPath(), ""));
    assertEquals(1, failures.size());
    assertTrue(failures.element().contains("build it again"), failures.element());
  }

  @Test
  void closesTheConnectionWhenAFileHasOtherSize() throws IOException {
    Files.write(file, new byte[LARGE / 2]);
    assertThrows(IOException.class, () -> send("GET", layerPath(), ""));
    assertThrows(IOException.class, () -> send("GET", layerPath(), "bytes=5-2000000"));
  }

  @Test
  void closesTheConnectionWhenAFileIsGone() throws IOException {
    Files.delete(file);
    assertThrows(IOException.class, () -> send("GET", layerPath(), ""));
    assertEquals(200, get("/v2/").statusCode());
  }

  @Test
  void servesManyClientsAtOnce() {
    byte[] whole = layer();
    List<CompletableFuture<HttpResponse<byte[]>>> running = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      running.add(
          client.sendAsync(build("GET", layerPath(), ""), HttpResponse.BodyHandlers.ofByteArray()));
    }
    running.forEach(r -> assertArrayEquals(whole, r.join().body()));
  }

  @Test
  void refusesTwoImagesWithTheSameName() {
    RegistryServer.Builder builder =
        new RegistryServer.Builder(1).add(image, Reference.parse("app:1"));
    assertFails(() -> builder.add(image, Reference.parse("app:1")), "app:1", "a name of its own");
  }

  @Test
  void refusesAPortInUse() {
    int port = Integer.parseInt(server.address().replaceAll(".*:", ""));
    RegistryServer.Builder builder = new RegistryServer.Builder(1).port(port);
    assertFails(builder::start, "port " + port, "choose another port");
  }

  @Test
  void closesConnectionsOfTlsClientsAtOnce() throws IOException {
    // Clients try TLS first and wait long for a response; a handshake need not contain a line end.
    assertEquals("", raw(new byte[] {0x16, 3, 1, 2, 0, 1, 0}));
  }

  @Test
  void respondsToSeveralRequestsOnOneConnection() throws IOException {
    String one = "HEAD /v2/ HTTP/1.1\r\nHost: localhost\r\n\r\n";
    String last = "GET /v2/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    String answers = raw((one + last).getBytes(StandardCharsets.US_ASCII));
    assertTrue(answers.startsWith("HTTP/1.1 200 OK\r\n"), answers);
    assertTrue(answers.endsWith("Connection: close\r\n\r\n{}"), answers);
    assertEquals(3, answers.split("HTTP/1.1 200 OK", -1).length, answers);
  }

  @Test
  void doesNotParseABodyAsARequest() throws IOException {
    String body = "GET /v2/ HTTP/1.1\r\n\r\n";
    String head = "POST /v2/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: ";
    String request = head + body.length() + "\r\n\r\n" + body;
    String answers = raw(request.getBytes(StandardCharsets.US_ASCII));
    assertTrue(answers.startsWith("HTTP/1.1 405 "), answers);
    assertFalse(answers.contains("200 OK"), answers);
  }

  @ParameterizedTest
  @CsvSource({"hello", "GET  HTTP/1.1", "GET /v2/ HTTP/2.0", "GET /v2/^ HTTP/1.1"})
  void refusesInvalidRequests(String line) throws IOException {
    String answer = raw((line + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
  }

  @Test
  void refusesEndlessRequests() throws IOException {
    byte[] endless = new byte[100_000];
    Arrays.fill(endless, (byte) 'a');
    String answer = raw(endless);
    assertTrue(answer.isEmpty() || answer.startsWith("HTTP/1.1 431 "), answer);
    assertEquals(200, get("/v2/").statusCode());
  }

  private Socket connect() throws IOException {
    return connect(server);
  }

  private static Socket connect(RegistryServer to) throws IOException {
    return new Socket("127.0.0.1", Integer.parseInt(to.address().replaceAll(".*:", "")));
  }

  /** Sends bytes; returns the response up to the end of the connection. */
  private String raw(byte[] request) throws IOException {
    try (Socket socket = connect()) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write(request);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (java.net.SocketException e) {
      // The server closed the connection before it had read everything.
      return "";
    }
  }

  @Test
  void reportsAClientThatLeavesAsSuch() throws Exception {
    byte[] content = new byte[64 << 20];
    Files.write(file, content);
    server.close();
    server = server(image(folder.resolve("path")));
    leave();
    String problem = failures.poll(10, TimeUnit.SECONDS);
    assertTrue(String.valueOf(problem).startsWith("the connection was closed: "), problem);
  }

  /** Requests a layer, reads the start of it, and closes the connection. */
  private void leave() throws IOException {
    try (Socket socket = connect()) {
      socket.setSoLinger(true, 0);
      String request = "GET " + layerPath() + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertEquals(1000, socket.getInputStream().readNBytes(1000).length);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void leavesNoThreadOnceClosed(boolean endless) throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    StuckImage stuck = new StuckImage(endless);
    RegistryServer other =
        new RegistryServer.Builder(1).add(stuck.blobs(), Reference.parse("app:1")).start();
    String layer = stuck.blobs().layers().getFirst().descriptor().digest().value();
    try (Socket socket = connect(other)) {
      String request = "GET /v2/app/blobs/" + layer + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertTrue(stuck.begun.await(10, TimeUnit.SECONDS));
      other.close();
    }
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (!before.contains(thread) && thread.getName().startsWith("strata-")) {
        assertTrue(thread.join(Duration.ofSeconds(1)), thread + " is left");
      }
    }
  }

  @Test
  void doesNotListenOnceClosed() {
    server.close();
    assertThrows(IOException.class, () -> send("GET", "/v2/", ""));
    assertFalse(server.address().isEmpty());
  }

  private String layerPath() {
    return "/v2/app/blobs/" + image.layers().getFirst().digest();
  }

  private byte[] layer() {
    return Streams.bytes(image.layers().getFirst());
  }

  private String text(String path) {
    return string(get(path));
  }

  private static String string(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private HttpResponse<byte[]> get(String path) {
    return request("GET", path, "");
  }

  private HttpResponse<byte[]> request(String method, String path, String range) {
    try {
      return send(method, path, range);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private HttpResponse<byte[]> send(String method, String path, String range) throws IOException {
    try {
      return client.send(build(method, path, range), HttpResponse.BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private HttpRequest build(String method, String path, String range) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create("http://" + server.address() + path))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (!range.isEmpty()) {
      builder.header("Range", range);
    }
    return builder.build();
  }
}
