package dev.strata.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that is terminated leaves no temporary files or uploads, and keeps old files. */
final class InterruptIT {
  private static final long SPARSE_BYTES = 20L << 30;

  @TempDir private Path directory = Path.of("");

  /** Starts the program, sends a signal after a while and waits for the end. */
  private void interrupt(String signal, long afterMillis, ProcessBuilder builder)
      throws IOException, InterruptedException {
    Path log = directory.resolve("log");
    // A program started in the background of a script ignores SIGINT, and so would this one.
    builder.command().addAll(0, List.of("env", "--default-signal"));
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      boolean ended = process.waitFor(afterMillis, TimeUnit.MILLISECONDS);
      assertTrue(!ended, () -> "too fast to be interrupted: " + read(log));
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
      assertTrue(process.waitFor(30, TimeUnit.SECONDS), "still running");
      assertNotEquals(0, process.exitValue());
      assertTrue(!read(log).contains("\tat "), read(log));
    } finally {
      process.destroyForcibly();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @CsvSource({"INT,400", "TERM,700", "INT,1000", "TERM,1300", "INT,1800"})
  void demoRemovesItsFolder(String signal, long afterMillis)
      throws IOException, InterruptedException {
    Path temporary = Files.createDirectory(directory.resolve("tmp"));
    interrupt(
        signal,
        afterMillis,
        new PackedProgram()
            .in(directory)
            .with("TMPDIR", temporary.toString())
            .builder(List.of("demo", "--jobs", "1")));

    assertEquals(List.of(), list(temporary));
  }

  @Test
  void layersLeaveTheOldFileAndNoTars() throws IOException, InterruptedException {
    Path big = Files.createDirectory(directory.resolve("big"));
    try (RandomAccessFile file = new RandomAccessFile(big.resolve("hole").toFile(), "rw")) {
      file.setLength(SPARSE_BYTES);
    }
    SampleFolders sample = new SampleFolders(directory);
    sample.file("graph.json", "[{\"path\": \"" + big + "\", \"references\": []}]");
    sample.file("layers.json", "old");
    Path tars = Files.createDirectory(directory.resolve("tars"));
    for (String signal : List.of("INT", "TERM")) {
      interrupt(
          signal,
          1500,
          new PackedProgram()
              .in(directory)
              .builder(
                  List.of(
                      "layers-from-non-reproducible-storepaths",
                      "layers.json",
                      "graph.json",
                      "--tar-directory",
                      "tars")));

      assertEquals(List.of(), list(tars));
      assertEquals("old", sample.read("layers.json"));
      assertEquals(List.of("big", "graph.json", "layers.json", "log", "tars"), list(directory));
    }
  }

  /** A registry that takes no bytes; records the uploads that it has opened and deleted. */
  private static HttpServer slowRegistry(Set<String> open, CountDownLatch begun)
      throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    AtomicInteger ids = new AtomicInteger();
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        x -> {
          String path = x.getRequestURI().getPath();
          switch (x.getRequestMethod()) {
            case "POST" -> {
              String at = "/v2/app/blobs/uploads/" + ids.incrementAndGet();
              open.add(at);
              x.getResponseHeaders().set("Location", at);
              x.sendResponseHeaders(202, -1);
              x.close();
            }
            case "PUT" -> begun.countDown();
            case "DELETE" -> {
              open.remove(path);
              x.sendResponseHeaders(204, -1);
              x.close();
            }
            default -> {
              x.sendResponseHeaders(path.equals("/v2/") ? 200 : 404, -1);
              x.close();
            }
          }
        });
    server.start();
    return server;
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void copyDeletesItsUploads(String signal) throws IOException, InterruptedException {
    SampleFolders sample = new SampleFolders(directory);
    sample.file("image.json", "{\"version\": 1, \"image-config\": {}, \"layers\": []}");
    Set<String> open = ConcurrentHashMap.newKeySet();
    CountDownLatch begun = new CountDownLatch(1);
    HttpServer server = slowRegistry(open, begun);
    String target = "docker://127.0.0.1:" + server.getAddress().getPort() + "/app:1";
    ProcessBuilder builder =
        new PackedProgram().in(directory).builder(List.of("copy", "image.json", target));
    builder.command().addAll(0, List.of("env", "--default-signal"));
    Path log = directory.resolve("log");
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertTrue(begun.await(60, TimeUnit.SECONDS), () -> read(log));
      assertEquals(1, open.size());
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
      assertTrue(process.waitFor(30, TimeUnit.SECONDS), "still running");
      assertEquals(Set.of(), open);
      assertEquals("strata: interrupted\n", read(log));
    } finally {
      process.destroyForcibly();
      server.stop(0);
    }
  }
}
