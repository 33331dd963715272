package dev.strata.transport.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.image.Image;
import dev.strata.image.ImageBlobs;
import dev.strata.io.StrataException;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBuilder;
import dev.strata.layering.LayerPath;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Reference;
import dev.strata.oci.Timestamp;
import dev.strata.transport.Transfer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class DaemonPullTest {
  @TempDir private Path folder;
  private final CountDownLatch ended = new CountDownLatch(1);

  private ImageBlobs image() throws IOException {
    Files.write(folder.resolve("file"), new byte[64 << 20]);
    List<LayerPath> paths = List.of(new LayerPath(folder.toString(), null));
    List<Layer> layers = LayerBuilder.create().build(List.of(paths));
    Image image = Image.assemble(ImageConfig.EMPTY, null, layers, "amd64", Timestamp.ZERO);
    return ImageBlobs.of(image, 1).withLayers(layer -> new Ending(layer));
  }

  /** A layer that signals when it has been read. */
  private final class Ending implements Blob {
    private final Blob layer;

    Ending(Blob layer) {
      this.layer = layer;
    }

    @Override
    public Descriptor descriptor() {
      return layer.descriptor();
    }

    @Override
    public void writeTo(WritableByteChannel target) throws IOException {
      try {
        layer.writeTo(target);
      } finally {
        ended.countDown();
      }
    }
  }

  private void leave(Reference name, ImageBlobs image) {
    String digest = image.layers().getFirst().descriptor().digest().value();
    String path = "/v2/" + name.repository() + "/blobs/" + digest;
    String[] address = name.registry().split(":", 2);
    try (Socket socket = new Socket(address[0], Integer.parseInt(address[1]))) {
      socket.setSoLinger(true, 0);
      String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      assertEquals(1000, socket.getInputStream().readNBytes(1000).length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitEnd() {
    try {
      ended.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aClientThatLeavesIsNoFailureOfTheLayer() throws IOException {
    ImageBlobs image = image();
    boolean pulled =
        DaemonPull.run(
            image,
            Transfer.quiet(1),
            name -> {
              leave(name, image);
              awaitEnd();
              return false;
            });
    assertFalse(pulled);
  }

  @Test
  void aChangedLayerEndsThePull() throws IOException {
    ImageBlobs image = image();
    Files.write(folder.resolve("file"), new byte[] {1});
    CountDownLatch never = new CountDownLatch(1);
    StrataException failure =
        assertThrows(
            StrataException.class,
            () ->
                DaemonPull.run(
                    image,
                    Transfer.quiet(1),
                    name -> {
                      try {
                        leave(name, image);
                      } catch (UncheckedIOException | AssertionError _) {
                        // The server may close the connection first.
                      }
                      try {
                        never.await();
                      } catch (InterruptedException e) {
                        throw new java.util.concurrent.CancellationException();
                      }
                      return true;
                    }));
    assertTrue(String.valueOf(failure.getMessage()).contains("again"), failure::toString);
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void aFailureOfThePullComesOutAsItWas() throws IOException {
    StrataException failure = new StrataException("no");
    StrataException thrown =
        assertThrows(
            StrataException.class,
            () ->
                DaemonPull.run(
                    image(),
                    Transfer.quiet(1),
                    _ -> {
                      throw failure;
                    }));
    assertSame(failure, thrown);
  }
}
