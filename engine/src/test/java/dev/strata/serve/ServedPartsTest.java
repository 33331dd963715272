package dev.strata.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.compress.CompressCache;
import dev.strata.compress.Compression;
import dev.strata.compress.Compressor;
import dev.strata.image.Image;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBuilder;
import dev.strata.layering.LayerPath;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Manifest;
import dev.strata.oci.Reference;
import dev.strata.oci.Timestamp;
import dev.strata.testing.ChunkedLayer;
import dev.strata.testing.Streams;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ServedPartsTest {
  @TempDir private Path folder;

  private final Random random = new Random(3);
  private Image image;

  @BeforeEach
  void build() throws IOException {
    Path path = Files.createDirectories(folder.resolve("path/folder"));
    for (int i = 0; i < 40; i++) {
      byte[] content = new byte[i * i * 1500];
      random.nextBytes(content);
      Arrays.fill(content, content.length / 2, content.length, (byte) (i % 3));
      Files.write(path.resolve("file" + i), content);
    }
    List<LayerPath> paths = List.of(new LayerPath(folder.resolve("path").toString(), null));
    List<Layer> layers = LayerBuilder.create().build(List.of(paths));
    image = Image.assemble(ImageConfig.EMPTY, null, layers, "amd64", Timestamp.ZERO);
  }

  private RegistryServer server(Compression compression, CompressCache cache) {
    RegistryServer.Builder builder = new RegistryServer.Builder(2);
    builder.compress(Compressor.of(compression, compression.defaultLevel(), 2, cache));
    return builder.add(image, Reference.parse("app:1")).start();
  }

  private static HttpResponse<byte[]> get(RegistryServer server, String path, String range) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create("http://" + server.address() + "/v2/app/" + path));
      if (!range.isEmpty()) {
        request.header("Range", "bytes=" + range);
      }
      return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Descriptor layer(RegistryServer server) {
    byte[] json = get(server, "manifests/1", "").body();
    return Manifest.parse("the manifest", json, "").layers().getFirst();
  }

  private static byte[] part(RegistryServer server, Descriptor layer, long offset, int length) {
    HttpResponse<byte[]> response =
        get(server, "blobs/" + layer.digest(), offset + "-" + (offset + length - 1));
    assertEquals(206, response.statusCode());
    return response.body();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anyPartOfAChunkedLayerIsThatOfTheWhole(boolean digestIsKnown) {
    CompressCache cache = CompressCache.of(folder.resolve("cache"));
    if (digestIsKnown) {
      server(Compression.ZSTD_CHUNKED, cache).close();
    }
    try (RegistryServer server = server(Compression.ZSTD_CHUNKED, cache)) {
      Descriptor layer = layer(server);
      byte[] first = part(server, layer, 0, 100);
      byte[] whole = get(server, "blobs/" + layer.digest(), "").body();
      assertEquals(layer.digest(), Digest.of(whole));
      assertArrayEquals(Arrays.copyOf(whole, 100), first);
      for (int i = 0; i < 60; i++) {
        int from = random.nextInt(whole.length);
        int length = Math.min(whole.length - from, 1 + random.nextInt(i % 2 == 0 ? 50 : 3_000_000));
        assertArrayEquals(
            Arrays.copyOfRange(whole, from, from + length), part(server, layer, from, length));
      }
      assertArrayEquals(whole, part(server, layer, 0, whole.length));
    }
  }

  @Test
  void aClientPutsTheLayerTogetherFromParts() {
    try (RegistryServer server = server(Compression.ZSTD_CHUNKED, CompressCache.NONE)) {
      Descriptor layer = layer(server);
      ChunkedLayer chunked =
          new ChunkedLayer(
              (offset, length) -> part(server, layer, offset, length), layer.annotations());
      byte[] tar = Streams.bytes(image.layers().getFirst());
      assertArrayEquals(tar, chunked.tar(new HashMap<>()));
    }
  }

  @ParameterizedTest
  @CsvSource({"NONE", "ZSTD_CHUNKED"})
  void severalPartsAreSentInOneResponse(Compression compression) {
    RegistryServer.Builder builder = new RegistryServer.Builder(2);
    if (compression != Compression.NONE) {
      builder.compress(Compressor.of(compression, 3, 2, CompressCache.NONE));
    }
    try (RegistryServer server = builder.add(image, Reference.parse("app:1")).start()) {
      Descriptor layer = layer(server);
      byte[] whole = get(server, "blobs/" + layer.digest(), "").body();
      HttpResponse<byte[]> response =
          get(server, "blobs/" + layer.digest(), "5-9, 70000-900000,900001-900001,-3");
      assertEquals(206, response.statusCode());
      String type = response.headers().firstValue("Content-Type").orElseThrow();
      assertTrue(type.startsWith("multipart/byteranges; boundary="), type);
      String boundary = "--" + type.substring(type.indexOf('=') + 1);
      ByteArrayOutputStream expected = new ByteArrayOutputStream();
      int[][] parts = {
        {5, 10}, {70_000, 900_001}, {900_001, 900_002}, {whole.length - 3, whole.length}
      };
      String before = "";
      for (int[] part : parts) {
        String head =
            "%s%s\r\nContent-Type: application/octet-stream\r\nContent-Range: bytes %d-%d/%d\r\n\r\n"
                .formatted(before, boundary, part[0], part[1] - 1, whole.length);
        expected.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        expected.write(whole, part[0], part[1] - part[0]);
        before = "\r\n";
      }
      expected.writeBytes(("\r\n" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
      assertArrayEquals(expected.toByteArray(), response.body());
    }
  }

  /** HTTP allows to answer with all of the blob. */
  @ParameterizedTest
  @ValueSource(strings = {"10-20,15-30", "30-40,10-20", "1-2,x", "1-2,99999999999-", "1-2,"})
  void otherListsOfRangesAreIgnored(String ranges) {
    try (RegistryServer server = server(Compression.ZSTD_CHUNKED, CompressCache.NONE)) {
      Descriptor layer = layer(server);
      HttpResponse<byte[]> response = get(server, "blobs/" + layer.digest(), ranges);
      assertEquals(200, response.statusCode());
      assertEquals(layer.size(), response.body().length);
    }
  }

  @Test
  void otherCompressionsAreSentAsAWhole() {
    try (RegistryServer server = server(Compression.GZIP, CompressCache.NONE)) {
      Descriptor layer = layer(server);
      HttpResponse<byte[]> response = get(server, "blobs/" + layer.digest(), "10-20");
      assertEquals(200, response.statusCode());
      assertEquals(layer.digest(), Digest.of(response.body()));
    }
  }

  @Test
  void aChangedFileEndsTheConnection() throws IOException {
    try (RegistryServer server = server(Compression.ZSTD_CHUNKED, CompressCache.NONE)) {
      Descriptor layer = layer(server);
      Path file = folder.resolve("path/folder/file39");
      byte[] content = Files.readAllBytes(file);
      Arrays.fill(content, (byte) 7);
      Files.write(file, content);
      org.junit.jupiter.api.Assertions.assertThrows(
          UncheckedIOException.class, () -> part(server, layer, 1000, (int) layer.size() - 1000));
    }
  }
}
