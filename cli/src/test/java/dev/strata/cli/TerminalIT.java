package dev.strata.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.strata.cli.command.ExternalProgram;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program on a real terminal, of several widths, which Python provides. */
final class TerminalIT {
  private static final long SPARSE_BYTES = 20L << 30;

  /**
   * Runs a program on a terminal and types Ctrl-C when a text has appeared. Arguments: columns, the
   * text (empty: never), whether standard output is a pipe whose first bytes count as that text,
   * and the program. Prints its exit code, a line end and all that the terminal got.
   */
  private static final String ON_TERMINAL =
      """
      import fcntl, os, pty, signal, struct, sys, termios
      columns, text, piped, command = int(sys.argv[1]), sys.argv[2].encode(), sys.argv[3], sys.argv[4:]
      reading, writing = os.pipe()
      child, terminal = pty.fork()
      if child == 0:
          # A shell that runs the tests in the background ignores it, which is inherited.
          signal.signal(signal.SIGINT, signal.SIG_DFL)
          fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
          # Without NOFLSH, a Ctrl-C discards what the terminal has not shown yet.
          settings = termios.tcgetattr(0)
          settings[3] |= termios.NOFLSH
          termios.tcsetattr(0, termios.TCSANOW, settings)
          if piped == 'true':
              os.dup2(writing, 1)
          os.close(reading)
          os.close(writing)
          os.execvp(command[0], command)
      # Ends a program that does not end; its terminal then hangs up.
      signal.alarm(120)
      os.close(writing)
      if piped == 'true':
          os.read(reading, 1)
          os.write(terminal, b'\\x03')
          text = b''
      out = b''
      while True:
          try:
              some = os.read(terminal, 65536)
          except OSError:
              break
          if not some:
              break
          out += some
          if text and text in out:
              os.write(terminal, b'\\x03')
              text = b''
      code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
      sys.stdout.buffer.write(str(code).encode() + b'\\n' + out)
      """;

  @TempDir private Path directory = Path.of("");

  /**
   * What a terminal showed.
   *
   * @param exit the exit code of the program
   * @param raw all that the terminal got
   * @param screen the lines that stayed
   */
  private record Shown(int exit, String raw, Screen screen) {
    List<String> lines() {
      return screen.lines();
    }
  }

  @BeforeEach
  void requirePython() {
    boolean python = ExternalProgram.find("python3", System.getenv()).isPresent();
    assumeTrue(python || Boolean.getBoolean("strata.requireTools"), "python3 is missing");
  }

  private Shown run(int columns, String interruptAfter, boolean piped, String... args)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new PackedProgram()
            .in(directory)
            .with("TERM", "xterm")
            .with("TMPDIR", temporary().toString())
            .with("XDG_CACHE_HOME", directory.resolve("cache").toString())
            .builder(List.of(args));
    builder.environment().remove("COLUMNS");
    builder
        .command()
        .addAll(
            0,
            List.of(
                "python3",
                "-c",
                ON_TERMINAL,
                Integer.toString(columns),
                interruptAfter,
                Boolean.toString(piped)));
    String[] parts = PackedProgram.finish(builder).out().split("\n", 2);
    return new Shown(Integer.parseInt(parts[0]), parts[1], new Screen(columns, parts[1]));
  }

  private Path temporary() throws IOException {
    return Files.createDirectories(directory.resolve("tmp"));
  }

  /** Creates a folder that takes long to read, but no room. */
  private void bigFolder(long size) throws IOException {
    Path big = Files.createDirectories(directory.resolve("big"));
    try (RandomAccessFile file = new RandomAccessFile(big.resolve("hole").toFile(), "rw")) {
      file.setLength(size);
    }
  }

  private static List<String> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  /** A registry that takes uploads slowly. */
  private static HttpServer slowRegistry() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", TerminalIT::answer);
    server.start();
    return server;
  }

  private static void answer(HttpExchange x) throws IOException {
    switch (x.getRequestMethod()) {
      case "POST" -> {
        x.getResponseHeaders().set("Location", "/v2/app/blobs/uploads/1");
        x.sendResponseHeaders(202, -1);
      }
      case "PUT", "PATCH" -> {
        byte[] some = new byte[16384];
        try (InputStream body = x.getRequestBody()) {
          while (body.read(some) >= 0) {
            TimeUnit.MILLISECONDS.sleep(5);
          }
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
        }
        x.sendResponseHeaders(201, -1);
      }
      case "DELETE" -> x.sendResponseHeaders(204, -1);
      default -> x.sendResponseHeaders(x.getRequestURI().getPath().equals("/v2/") ? 200 : 404, -1);
    }
    x.close();
  }

  private static void assertInterrupted(Shown shown) {
    assertEquals(130, shown.exit(), shown.raw());
    String all = String.join("", shown.lines());
    assertTrue(all.endsWith("strata: interrupted"), shown.raw());
    assertEquals(all.indexOf("interrupted"), all.lastIndexOf("interrupted"), shown.raw());
    assertEquals("", shown.screen().unfinished(), shown.raw());
    assertFalse(shown.lines().stream().anyMatch(l -> l.contains("^C")), shown.raw());
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 20, 40, 60, 80, 200})
  void progressOfABuildLeavesNothingBehind(int columns) throws IOException, InterruptedException {
    bigFolder(SPARSE_BYTES);
    Files.writeString(directory.resolve("image.json"), "old");

    Shown shown = run(columns, "\u001b[?7h", false, "build", "big");

    assertInterrupted(shown);
    assertEquals("strata: interrupted", String.join("", shown.lines()));
    assertEquals("old", Files.readString(directory.resolve("image.json")));
    assertEquals(
        List.of("big", "image.json", "tmp"),
        list(directory).stream().filter(f -> !f.equals("cache")).toList());
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 80})
  void progressOfACopyLeavesNothingBehind(int columns) throws IOException, InterruptedException {
    bigFolder(64L << 20);
    run(columns, "", false, "build", "-q", "big");
    HttpServer server = slowRegistry();
    try {
      String target = "docker://127.0.0.1:" + server.getAddress().getPort() + "/app:1";
      Shown shown =
          run(columns, " %", false, "copy", "--dest-compress-format=none", "image.json", target);

      assertInterrupted(shown);
      assertTrue(shown.raw().contains("\u001b[?7h"), shown.raw());
      List<String> above = shown.lines().subList(0, shown.lines().size() - 1);
      assertTrue(above.stream().allMatch(l -> l.matches("[0-9a-f]{12}  .*B/s")), shown.raw());
    } finally {
      server.stop(0);
    }
  }

  @Test
  void anInterruptEndsServeTarAndDemo() throws IOException, InterruptedException {
    bigFolder(64L << 20);
    run(80, "", false, "build", "-q", "big");

    assertInterrupted(run(80, "serving on", false, "serve", "image.json"));
    assertInterrupted(run(80, "", true, "tar", "image.json"));
    assertInterrupted(run(80, "Strata demo in", false, "demo", "-j", "1"));
    assertEquals(List.of(), list(temporary()));
  }

  @Test
  void tablesAndErrorsFitANarrowTerminal() throws IOException, InterruptedException {
    bigFolder(1000);
    for (String[] command :
        new String[][] {
          {"build", "big"}, {"inspect", "image.json"}, {"diff", "image.json", "image.json"},
          {"verify", "image.json"}, {"build", "--no-such-option"}, {"inspect", "missing.json"},
          {"--help"}, {"copy", "--help"}
        }) {
      Shown shown = run(40, "", false, command);
      // Examples stay as they are, to be copied.
      String all = shown.raw().split("Example", 2)[0];
      // On a slow machine, a line of progress comes first, and is erased.
      for (String line : all.replaceAll("\u001b\\[[0-9?]*[A-Za-z]", "").split("[\r\n]+", -1)) {
        boolean longWord = !line.strip().contains(" ") || line.contains("sha256:");
        assertTrue(line.length() <= 40 || longWord, () -> line + " in " + shown.raw());
      }
    }
  }

  /** The lines of a terminal, as far as the program moves its cursor. */
  private static final class Screen {
    private final List<StringBuilder> rows = new ArrayList<>(List.of(new StringBuilder()));
    private final int columns;
    private boolean wraps = true;
    private int row;
    private int column;

    Screen(int columns, String text) {
      this.columns = columns;
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == '\u001b') {
          int end = i + 2;
          while (!Character.isLetter(text.charAt(end))) {
            end++;
          }
          control(text.substring(i + 2, end), text.charAt(end));
          i = end;
        } else {
          put(c);
        }
      }
    }

    private void put(char c) {
      if (c == '\r') {
        column = 0;
      } else if (c == '\n') {
        down();
      } else {
        if (column == columns && wraps) {
          column = 0;
          down();
        }
        column = Math.min(column, columns - 1);
        StringBuilder line = rows.get(row);
        while (line.length() <= column) {
          line.append(' ');
        }
        line.setCharAt(column++, c);
      }
    }

    private void down() {
      if (++row == rows.size()) {
        rows.add(new StringBuilder());
      }
    }

    private void control(String number, char letter) {
      switch (letter) {
        case 'A' -> row = Math.max(0, row - Integer.parseInt(number));
        case 'K' -> rows.get(row).setLength(Math.min(column, rows.get(row).length()));
        case 'J' -> {
          rows.get(row).setLength(Math.min(column, rows.get(row).length()));
          rows.subList(row + 1, rows.size()).clear();
        }
        case 'h', 'l' -> wraps = letter == 'h';
        default -> throw new AssertionError("unknown sequence " + number + letter);
      }
    }

    /** The lines above that of the cursor. */
    List<String> lines() {
      return rows.subList(0, row).stream().map(r -> r.toString().stripTrailing()).toList();
    }

    /** The text on the line of the cursor. */
    String unfinished() {
      return rows.get(row).toString();
    }
  }
}
