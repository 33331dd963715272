package dev.strata.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.closure.NarInfo;
import dev.strata.closure.StorePath;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.testing.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hashes are those that {@code nix-hash --type sha256 --base32} prints. */
final class NarHashTest {
  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("file"), "hello\n");
    Files.writeString(folder.resolve("script"), "#!/bin/sh\n");
    mode("script", "rwxr-xr-x");
    Files.writeString(folder.resolve("of-group"), "hello\n");
    mode("of-group", "rw-r-xr--");
    Files.createSymbolicLink(folder.resolve("link"), Path.of("nowhere"));
    Files.createDirectories(folder.resolve("tree/b/empty"));
    Files.writeString(folder.resolve("tree/b.x"), "");
    Files.writeString(folder.resolve("tree/b/y"), "12345678");
    Files.createSymbolicLink(folder.resolve("tree/a"), Path.of("b/y"));
    mode("file", "rw-r--r--");
  }

  private void mode(String name, String permissions) throws IOException {
    Files.setPosixFilePermissions(
        folder.resolve(name), PosixFilePermissions.fromString(permissions));
  }

  private NarInfo hash(String name) {
    return PathChanges.hashes(List.of(folder.resolve(name).toString()), 1).getFirst();
  }

  private static NarInfo nix(String hash, long size) {
    NarInfo known = NarInfo.recorded("x", "sha256:" + hash, Long.toString(size));
    return NarInfo.of(known.hash().orElseThrow(), size);
  }

  @Test
  void agreesWithNix() {
    assertEquals(nix("04zwf782yjwnh3q6hz5izfd6jyip8kgw6g6yj43fiqhbyhdd0dqw", 120), hash("file"));
    assertEquals(
        nix("04zwf782yjwnh3q6hz5izfd6jyip8kgw6g6yj43fiqhbyhdd0dqw", 120), hash("of-group"));
    assertEquals(nix("0m35wabrvlzjvv71f2xvca3vd91gh9mwvh4mm38h7yb0h9kc30v2", 160), hash("script"));
    assertEquals(nix("1nx7dbpasy9g1avhq5kbi0flavsbgml5qhkwgy8rsdgcvkmn57vv", 120), hash("link"));
    assertEquals(nix("0hi0lpraki21gh0flxn31xbi6rkim9hmp6flwc63d9fnd2sf2m9f", 1000), hash("tree"));
  }

  @Test
  void namesAFileThatNoArchiveCanContain() throws Exception {
    Path fifo = folder.resolve("tree/fifo");
    new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor();

    Failures.assertFails(InvalidInputException.class, () -> hash("tree"), fifo.toString());
    Failures.assertFails(NotFoundException.class, () -> hash("none"), "none");
  }

  @Test
  void findsTheChangedPaths() throws IOException {
    List<String> names = List.of("file", "script", "link", "tree");
    List<String> paths = names.stream().map(n -> folder.resolve(n).toString()).toList();
    List<NarInfo> hashes = PathChanges.hashes(paths, 3);
    List<StorePath> recorded =
        List.of(
            new StorePath(paths.get(0), List.of(), hashes.get(0)),
            new StorePath(paths.get(1), List.of(), hashes.get(1)),
            new StorePath(paths.get(2), List.of(), NarInfo.recorded("", "", "120")),
            new StorePath(paths.get(3), List.of(), NarInfo.recorded("", "", "1000")),
            new StorePath(folder.resolve("gone").toString(), List.of()));
    assertEquals(
        List.of(PathChange.Kind.MISSING),
        PathChanges.find(recorded, 2).stream().map(PathChange::kind).toList());

    Files.writeString(folder.resolve("file"), "hellO\n");
    Files.writeString(folder.resolve("tree/b/y"), "1234567890");
    List<PathChange> found = PathChanges.find(recorded, 2);
    assertEquals(
        List.of(PathChange.Kind.CONTENT, PathChange.Kind.SIZE, PathChange.Kind.MISSING),
        found.stream().map(PathChange::kind).toList());
    assertEquals(paths.get(0), found.get(0).path());
    assertEquals(1008, found.get(1).found().size().orElseThrow());
  }
}
