package dev.strata.transport.daemon;

import static dev.strata.testing.Failures.assertFails;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Digest;
import dev.strata.image.CopySource;
import dev.strata.image.Image;
import dev.strata.image.ImageBlobs;
import dev.strata.io.NotFoundException;
import dev.strata.io.StrataException;
import dev.strata.io.UnreachableException;
import dev.strata.layer.LayerBuilder;
import dev.strata.layering.LayerPath;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Manifest;
import dev.strata.oci.PlatformChoice;
import dev.strata.oci.Reference;
import dev.strata.oci.Timestamp;
import dev.strata.transport.Transfer;
import dev.strata.transport.archive.DockerArchive;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reads images from a daemon that answers with recorded bytes. */
@Timeout(60)
final class DaemonSourceTest {
  @TempDir private Path folder;
  private Path spool;
  private ServerSocketChannel server;
  private final CountDownLatch requested = new CountDownLatch(1);
  private volatile String request = "";

  @BeforeEach
  void start() throws IOException {
    spool = Files.createDirectory(folder.resolve("spool"));
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(folder.resolve("sock")));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  /** Answers each connection with the same bytes; null to never answer. */
  private void answer(byte[] response) {
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            while (true) {
              try (SocketChannel client = server.accept()) {
                request = head(Channels.newInputStream(client));
                requested.countDown();
                if (response.length == 0) {
                  // Waits until the client leaves.
                  int ignored = Channels.newInputStream(client).read();
                  continue;
                }
                OutputStream out = Channels.newOutputStream(client);
                out.write(response);
                out.flush();
              }
            }
          } catch (IOException _) {
            // The test has ended.
          }
        });
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.read());
    }
    return head.toString();
  }

  private DaemonSource source(String name) {
    return DaemonSource.at("unix://" + folder.resolve("sock"), name).withTemporaryFolder(spool);
  }

  private List<String> spooled() throws IOException {
    try (Stream<Path> files = Files.list(spool)) {
      return files.map(Path::toString).toList();
    }
  }

  private byte[] archive(Image image) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DockerArchive.stream(
        ImageBlobs.of(image, 1),
        List.of(Reference.parse("app:1")),
        Transfer.quiet(1),
        folder,
        Channels.newChannel(out));
    return out.toByteArray();
  }

  private Image image() throws IOException {
    Path content = Files.createDirectory(folder.resolve("content"));
    Files.writeString(content.resolve("file"), "hello\n".repeat(1000));
    List<LayerPath> paths = List.of(new LayerPath(content.toString(), null));
    return Image.assemble(
        ImageConfig.EMPTY,
        null,
        LayerBuilder.create().build(List.of(paths)),
        "amd64",
        Timestamp.ZERO);
  }

  private static byte[] chunked(byte[] body, boolean complete) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(ascii("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
    int half = body.length / 2;
    out.writeBytes(ascii(Integer.toHexString(half) + "\r\n"));
    out.write(body, 0, half);
    out.writeBytes(ascii("\r\n" + Integer.toHexString(body.length - half) + "\r\n"));
    out.write(body, half, body.length - half - (complete ? 0 : 100));
    if (complete) {
      out.writeBytes(ascii("\r\n0\r\n\r\n"));
    }
    return out.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void readsTheArchiveThatTheDaemonExports() throws IOException {
    Image image = image();
    answer(chunked(archive(image), true));
    try (DaemonSource source = source("app:1")) {
      assertEquals(List.of(), spooled());
      ImageBlobs read = ((CopySource.Single) source.open(PlatformChoice.all())).image();
      assertEquals(1, spooled().size());
      assertEquals(image.configBlob().descriptor().digest(), read.config().descriptor().digest());
      assertArrayEquals(Manifest.bytes(image.configBlob()), Manifest.bytes(read.config()));
      assertEquals(
          image.layers().getFirst().digest(), Digest.of(Manifest.bytes(read.layers().getFirst())));
      source.manifest();
    }
    assertTrue(request.startsWith("GET /images/docker.io/library/app:1/get HTTP/1.1"), request);
    assertEquals(List.of(), spooled());
  }

  @Test
  void readsAnImageByItsId() throws IOException {
    String id = "sha256:" + "ab".repeat(32);
    answer(chunked(archive(image()), true));
    try (DaemonSource source = source(id)) {
      source.open(PlatformChoice.all());
    }
    assertTrue(request.startsWith("GET /images/" + id + "/get "), request);
    assertFails(() -> source("sha256:123"), "123");
  }

  @Test
  void aMissingImageIsReportedAsSuch() throws IOException {
    answer(
        ascii(
            "HTTP/1.1 404 Not Found\r\nContent-Length: 37\r\n\r\n"
                + "{\"message\":\"No such image: nothing\"}\n"));
    try (DaemonSource source = source("nothing")) {
      NotFoundException e =
          assertThrows(NotFoundException.class, () -> source.open(PlatformChoice.all()));
      assertTrue(
          String.valueOf(e.getMessage()).contains("No such image: nothing; check the name"),
          e.getMessage());
    }
    assertEquals(List.of(), spooled());
  }

  @Test
  void anArchiveThatEndsEarlyIsNotUsed() throws IOException {
    answer(chunked(archive(image()), false));
    try (DaemonSource source = source("app:1")) {
      assertThrows(UnreachableException.class, () -> source.open(PlatformChoice.all()));
      assertEquals(List.of(), spooled());
    }
  }

  @Test
  void bytesThatAreNoArchiveAreRefused() throws IOException {
    answer(ascii("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
    try (DaemonSource source = source("app:1")) {
      assertThrows(StrataException.class, () -> source.open(PlatformChoice.all()));
    }
    assertEquals(List.of(), spooled());
  }

  @Test
  void cancellationEndsTheExport() throws IOException {
    answer(new byte[0]);
    Transfer.Listener cancelled =
        new Transfer.Listener() {
          @Override
          public boolean cancelled() {
            return requested.getCount() == 0;
          }
        };
    try (DaemonSource source = source("app:1").withListener(cancelled)) {
      assertThrows(CancellationException.class, () -> source.open(PlatformChoice.all()));
    }
    assertEquals(List.of(), spooled());
  }
}
