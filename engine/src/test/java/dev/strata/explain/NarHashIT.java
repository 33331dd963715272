package dev.strata.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strata.closure.NarInfo;
import dev.strata.io.FileNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hashes of Nix archives agree with those of {@code nix-hash}. */
final class NarHashIT {
  private static final int PATHS = 1000;
  private static final List<String> MODES =
      List.of("rw-r--r--", "rwxr-xr-x", "r--r-xr--", "r-xr--r--", "rw-rw-rwx", "r--------");

  @TempDir private Path folder = Path.of("");
  private final Random random = new Random(14);

  private byte[] name(int number) {
    byte[] name = new byte[1 + random.nextInt(12) + 3];
    for (int i = 0; i < name.length; i++) {
      byte b = 0;
      while (b == 0 || b == '/') {
        // Mostly bytes that are not UTF-8, line ends, quotes, spaces and backslashes.
        b =
            random.nextInt(3) > 0
                ? (byte) random.nextInt(256)
                : (byte) " \n\"'\\\t.-~".charAt(random.nextInt(9));
      }
      name[i] = b;
    }
    byte[] digits =
        Integer.toString(number, 36).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    byte[] whole = java.util.Arrays.copyOf(name, name.length + digits.length);
    System.arraycopy(digits, 0, whole, name.length, digits.length);
    return whole;
  }

  private static Path in(Path directory, byte[] name) {
    byte[] parent = FileNames.bytes(directory);
    byte[] path = java.util.Arrays.copyOf(parent, parent.length + 1 + name.length);
    path[parent.length] = '/';
    System.arraycopy(name, 0, path, parent.length + 1, name.length);
    return FileNames.path(path);
  }

  private void write(Path path, int depth) throws IOException {
    int kind = random.nextInt(10);
    if (kind < 6) {
      int size = random.nextInt(8) == 0 ? 300_000 + random.nextInt(300_000) : random.nextInt(40);
      byte[] content = new byte[size];
      random.nextBytes(content);
      Files.write(path, content);
      Files.setPosixFilePermissions(
          path, PosixFilePermissions.fromString(MODES.get(random.nextInt(MODES.size()))));
    } else if (kind == 6) {
      Files.createSymbolicLink(path, FileNames.path(name(random.nextInt(100))));
    } else {
      Files.createDirectory(path);
      // Few enough on average that the trees end.
      int files = random.nextInt(6);
      for (int i = 0; i < files; i++) {
        write(in(path, name(i)), depth + 1);
      }
    }
  }

  @Test
  void agreeWithNix() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/nix-hash")), "nix-hash is missing");
    List<String> paths = new ArrayList<>();
    List<String> command = new ArrayList<>(List.of("nix-hash", "--type", "sha256"));
    for (int i = 0; i < PATHS; i++) {
      Path path = in(folder, name(i));
      write(path, 0);
      paths.add(FileNames.decode(FileNames.bytes(path)));
    }
    // xargs passes bytes on that a process started by Java could not get as arguments.
    Path list = folder.resolve("list");
    java.io.ByteArrayOutputStream names = new java.io.ByteArrayOutputStream();
    for (String path : paths) {
      names.writeBytes(FileNames.encode(path));
      names.write(0);
    }
    Files.write(list, names.toByteArray());
    List<String> xargs = new ArrayList<>(List.of("xargs", "-0", "-a", list.toString()));
    xargs.addAll(command);
    Process nix = new ProcessBuilder(xargs).redirectErrorStream(true).start();
    List<String> expected =
        new String(nix.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertEquals(0, nix.waitFor(), expected::toString);

    List<NarInfo> found = PathChanges.hashes(paths, 4);
    assertEquals(expected, found.stream().map(nar -> nar.hash().orElseThrow().hex()).toList());
  }
}
