package dev.strata.transport.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.strata.blob.Blob;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBlobs;
import dev.strata.layering.LayerPath;
import dev.strata.testing.Streams;
import dev.strata.transport.Transfer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The heap that a push allocates: little, since bytes are sent from where they were read to. */
@Timeout(120)
final class PushAllocationTest {
  private static final long SIZE = 512L << 20;

  /** A small part of the bytes, and yet several times what is allocated. */
  private static final long MOST = SIZE / 8;

  @TempDir private Path folder;

  @Test
  void allocatesLittleHeapForLargeLayers() throws IOException {
    try (RandomAccessFile sparse = new RandomAccessFile(folder.resolve("file").toFile(), "rw")) {
      sparse.setLength(SIZE);
    }
    Layer layer = Streams.layer(new LayerPath(folder.toString(), null));
    Blob blob = LayerBlobs.of(layer, 2);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Sink registry = new Sink()) {
      long before = threads.getTotalThreadAllocatedBytes();
      RegistryDestination.of(Samples.reference(registry.host()), Samples.options())
          .write(Samples.image(blob), new Transfer(2, new Transfer.Listener() {}));
      long allocated = threads.getTotalThreadAllocatedBytes() - before;
      assertTrue(registry.received.get() > SIZE);
      assertTrue(allocated < MOST, allocated + " bytes allocated");
      assertEquals(layer.size().orElseThrow(), blob.descriptor().size());
    }
  }

  /** A registry that has nothing and keeps nothing, and hardly allocates for what it receives. */
  private static final class Sink implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    private final AtomicLong received = new AtomicLong();

    Sink() throws IOException {
      Thread.ofPlatform().daemon().start(this::accept);
    }

    String host() {
      return "127.0.0.1:" + socket.getLocalPort();
    }

    private void accept() {
      try {
        while (true) {
          Socket client = socket.accept();
          Thread.ofPlatform().daemon().start(() -> serve(client));
        }
      } catch (IOException _) {
        // Closed.
      }
    }

    private void serve(Socket client) {
      byte[] buffer = new byte[1 << 16];
      try (client) {
        InputStream in = new BufferedInputStream(client.getInputStream());
        for (String request = line(in); !request.isEmpty(); request = line(in)) {
          long length = 0;
          for (String header = line(in); !header.isEmpty(); header = line(in)) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
              length = Long.parseLong(lower.substring("content-length:".length()).strip());
            }
          }
          while (length > 0) {
            int n = in.read(buffer, 0, (int) Math.min(length, buffer.length));
            if (n < 0) {
              return;
            }
            length -= n;
            received.addAndGet(n);
          }
          client.getOutputStream().write(answer(request).getBytes(StandardCharsets.US_ASCII));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static String answer(String request) {
      String status = "404 Not Found";
      if (request.startsWith("POST")) {
        status = "202 Accepted\r\nLocation: /v2/team/app/blobs/uploads/1";
      } else if (request.startsWith("PUT")) {
        status = "201 Created";
      } else if (request.startsWith("GET /v2/ ")) {
        status = "200 OK";
      }
      return "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n";
    }

    /** Reads a line; returns an empty one at the end. */
    private static String line(InputStream in) throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
