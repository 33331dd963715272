package dev.strata.cli.look;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.CommandLineRun;
import dev.strata.cli.Outcome;
import dev.strata.closure.ClosureGraph;
import dev.strata.closure.NarInfo;
import dev.strata.closure.StorePath;
import dev.strata.explain.PathChanges;
import dev.strata.io.FileNames;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * A store of 10,000 files in which one thing changes at a time: with a witness, the file is named,
 * and without, the store path.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ChangedFilesIT {
  private static final int STORE_PATHS = 20;
  private static final int FILES = 500;

  /** The store path that changes; it is small, so that it is written again quickly. */
  private static final String CHANGING = "p20-changing";

  @TempDir private static Path shared = Path.of("");
  private Path folder = Path.of("");
  private Path changing = Path.of("");
  private final CommandLineRun strata = new CommandLineRun();

  /** Changes something. */
  @FunctionalInterface
  private interface Change {
    void make(Path path) throws Exception;
  }

  /**
   * One kind of change.
   *
   * @param named what is named with a witness: a name, a colon and what differs; empty if the image
   *     stays the same
   * @param inArchive whether the hash of the Nix archive changes
   */
  private record Kind(String name, List<String> named, boolean inArchive, Change change) {}

  @BeforeAll
  void build() throws Exception {
    folder = shared.toRealPath();
    List<String> paths = new ArrayList<>();
    for (int p = 0; p < STORE_PATHS; p++) {
      Path path = folder.resolve("store/p" + (10 + p) + "-fixed");
      for (int f = 0; f < FILES; f++) {
        Path file = path.resolve("d" + f % 7 + "/f" + f);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "file " + f + " of " + p);
      }
      paths.add(path.toString());
    }
    changing = folder.resolve("store").resolve(CHANGING);
    paths.add(changing.toString());
    writeChanging();
    List<NarInfo> hashes = PathChanges.hashes(paths, 2);
    List<StorePath> recorded = new ArrayList<>();
    List<StorePath> plain = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      recorded.add(new StorePath(paths.get(i), List.of(), hashes.get(i)));
      plain.add(new StorePath(paths.get(i), List.of()));
    }
    Files.writeString(folder.resolve("hashes.json"), new ClosureGraph(recorded).toJson());
    Files.writeString(folder.resolve("graph.json"), new ClosureGraph(plain).toJson());
    strata
        .run(
            "build",
            "-q",
            "--closure-graph",
            in("graph.json"),
            "-o",
            in("witness.json"),
            "--witness",
            in("witness"))
        .succeeds();
    strata
        .run("build", "-q", "--closure-graph", in("graph.json"), "-o", in("plain.json"))
        .succeeds();
  }

  private String in(String name) {
    return folder.resolve(name).toString();
  }

  private static byte[] large() {
    byte[] large = new byte[700_000];
    Arrays.fill(large, (byte) 'x');
    return large;
  }

  private void writeChanging() throws IOException {
    if (Files.exists(changing, LinkOption.NOFOLLOW_LINKS)) {
      delete(changing);
    }
    Files.createDirectories(changing.resolve("dir/sub/deep"));
    Files.createDirectories(changing.resolve("empty"));
    for (int i = 0; i < 40; i++) {
      Files.writeString(changing.resolve("dir/f" + i), "content " + (10 + i));
    }
    Files.write(changing.resolve("large"), large());
    Files.writeString(changing.resolve("none"), "");
    Files.writeString(changing.resolve("block"), "b".repeat(512));
    Files.writeString(changing.resolve("run"), "#!/bin/sh\n");
    mode("run", "rwxr-xr-x");
    Files.writeString(changing.resolve("dir/sub/deep/file"), "deep");
    Files.writeString(hostile("n\n \u00e9"), "hostile");
    Files.write(bytes("bytes-\u00ff\u00fe"), new byte[] {1});
    Files.createSymbolicLink(changing.resolve("link"), Path.of("dir/f1"));
    Files.createSymbolicLink(changing.resolve("dangling"), Path.of("/nowhere/at/all"));
    Files.createSymbolicLink(changing.resolve("to-dir"), Path.of("dir"));
  }

  private Path hostile(String name) {
    return bytes(new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
  }

  /** Returns a file whose name has these bytes. */
  private Path bytes(String latin) {
    byte[] parent = FileNames.bytes(changing);
    byte[] name = latin.getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = Arrays.copyOf(parent, parent.length + 1 + name.length);
    all[parent.length] = '/';
    System.arraycopy(name, 0, all, parent.length + 1, name.length);
    return FileNames.path(all);
  }

  private static void delete(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> files = Files.list(path)) {
        for (Path file : files.toList()) {
          delete(file);
        }
      }
    }
    Files.delete(path);
  }

  private void mode(String name, String permissions) throws IOException {
    Files.setPosixFilePermissions(
        changing.resolve(name), PosixFilePermissions.fromString(permissions));
  }

  private static void flip(Path file, int at) throws IOException {
    byte[] content = Files.readAllBytes(file);
    content[at] ^= 1;
    FileTime time = Files.getLastModifiedTime(file);
    Files.write(file, content);
    // The size and the time are those from before.
    Files.setLastModifiedTime(file, time);
  }

  private static void run(String... command) throws Exception {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }

  private static Kind kind(String name, Change change, String... named) {
    return new Kind(name, List.of(named), true, change);
  }

  /** The image changes, but an archive does not contain what is different. */
  private static Kind inImageOnly(String name, Change change, String... named) {
    return new Kind(name, List.of(named), false, change);
  }

  private static Kind unseen(String name, Change change) {
    return new Kind(name, List.of(), false, change);
  }

  private List<Kind> kinds() {
    List<Kind> all = new ArrayList<>();
    for (int at : new int[] {0, 1, 350_000, 262_143, 262_144, 524_288, 699_998, 699_999}) {
      all.add(kind("bit " + at, p -> flip(p.resolve("large"), at), "large: content"));
    }
    for (int at : new int[] {0, 256, 511}) {
      all.add(kind("bit of block " + at, p -> flip(p.resolve("block"), at), "block: content"));
    }
    for (int i = 0; i < 20; i++) {
      String file = "dir/f" + i;
      all.add(kind("bit of " + file, p -> flip(p.resolve(file), 3), file + ": content"));
    }
    for (int size : new int[] {0, 1, 8, 9, 11, 511, 512, 513, 1024, 100_000}) {
      all.add(
          kind(
              "size " + size,
              p -> Files.write(p.resolve("dir/f9"), new byte[size]),
              "dir/f9: size"));
    }
    for (int size : new int[] {0, 511, 513}) {
      all.add(
          kind(
              "block of " + size,
              p -> Files.writeString(p.resolve("block"), "b".repeat(size)),
              "block: size"));
    }
    for (int size : new int[] {0, 1, 699_999, 700_001}) {
      all.add(
          kind(
              "large of " + size,
              p -> Files.write(p.resolve("large"), Arrays.copyOf(large(), size)),
              "large: size"));
    }
    all.add(kind("empty file grows", p -> Files.writeString(p.resolve("none"), "x"), "none: size"));
    all.add(
        kind(
            "two files swapped",
            p -> {
              Files.move(p.resolve("dir/f1"), p.resolve("t"));
              Files.move(p.resolve("dir/f2"), p.resolve("dir/f1"));
              Files.move(p.resolve("t"), p.resolve("dir/f2"));
            },
            "dir/f1: content",
            "dir/f2: content"));
    for (String mode : List.of("rwxr-xr-x", "rwx--x--x", "rwx------")) {
      all.add(kind("executable " + mode, p -> mode("dir/f3", mode), "dir/f3: mode"));
    }
    for (String mode : List.of("rw-r--r-x", "rw-rw-r--", "r--r--r--", "rw-------", "rw-r-xr-x")) {
      all.add(inImageOnly("mode " + mode, p -> mode("dir/f3", mode), "dir/f3: mode"));
    }
    all.add(kind("not executable", p -> mode("run", "rw-r--r--"), "run: mode"));
    all.add(inImageOnly("mode of a directory", p -> mode("empty", "rwx------"), "empty: mode"));
    all.add(inImageOnly("mode of a full directory", p -> mode("dir", "rwxrwxr-x"), "dir: mode"));
    all.add(inImageOnly("mode of the path", p -> mode(".", "rwx--x--x"), ": mode"));
    all.add(inImageOnly("setuid", p -> run("chmod", "u+s", p + "/run"), "run: mode"));
    all.add(inImageOnly("sticky", p -> run("chmod", "+t", p + "/empty"), "empty: mode"));
    all.add(
        kind(
            "mode and content",
            p -> {
              flip(p.resolve("dir/f3"), 0);
              mode("dir/f3", "rwxr-xr-x");
            },
            "dir/f3: mode,content"));
    all.add(
        kind(
            "renamed",
            p -> Files.move(p.resolve("dir/f4"), p.resolve("dir/g4")),
            "dir/f4: missing",
            "dir/g4: new"));
    all.add(
        kind(
            "renamed by case",
            p -> Files.move(p.resolve("dir/f4"), p.resolve("dir/F4")),
            "dir/F4: new",
            "dir/f4: missing"));
    all.add(
        kind(
            "directory renamed",
            p -> Files.move(p.resolve("dir/sub"), p.resolve("dir/sup")),
            "dir/sub: missing",
            "dir/sup: new"));
    for (String file : List.of("none", "large", "link", "dangling", "dir/sub/deep/file", "empty")) {
      all.add(kind("removed " + file, p -> Files.delete(p.resolve(file)), file + ": missing"));
    }
    all.add(kind("tree removed", p -> delete(p.resolve("dir")), "dir: missing"));
    all.add(kind("all removed", p -> delete(p), ": missing"));
    for (String file : List.of("new", "dir/a", "dir/zz", "dir/f1-", "dir/f1.x", "a")) {
      all.add(kind("added " + file, p -> Files.writeString(p.resolve(file), ""), file + ": new"));
    }
    all.add(kind("empty directory", p -> Files.createDirectory(p.resolve("e")), "e: new"));
    all.add(
        kind(
            "tree added",
            p -> {
              Files.createDirectories(p.resolve("n/m"));
              Files.writeString(p.resolve("n/m/x"), "x");
            },
            "n: new"));
    all.add(
        kind("link added", p -> Files.createSymbolicLink(p.resolve("l"), Path.of("x")), "l: new"));
    all.add(
        kind(
            "file to directory",
            p -> {
              Files.delete(p.resolve("dir/f5"));
              Files.createDirectories(p.resolve("dir/f5/x"));
            },
            "dir/f5: type"));
    all.add(
        kind(
            "directory to file",
            p -> {
              delete(p.resolve("dir"));
              Files.writeString(p.resolve("dir"), "");
            },
            "dir: type"));
    all.add(
        kind(
            "file to link",
            p -> {
              Files.move(p.resolve("dir/f5"), p.resolveSibling("elsewhere"));
              Files.createSymbolicLink(
                  p.resolve("dir/f5"), p.resolveSibling("elsewhere").toAbsolutePath());
            },
            "dir/f5: type"));
    all.add(
        kind(
            "link to file",
            p -> {
              Files.delete(p.resolve("link"));
              Files.writeString(p.resolve("link"), "content 11");
            },
            "link: type"));
    all.add(
        kind(
            "link to directory",
            p -> {
              Files.delete(p.resolve("to-dir"));
              Files.createDirectory(p.resolve("to-dir"));
            },
            "to-dir: type"));
    all.add(
        kind(
            "directory to link",
            p -> {
              Files.delete(p.resolve("empty"));
              Files.createSymbolicLink(p.resolve("empty"), Path.of("dir"));
            },
            "empty: type"));
    for (String target : List.of("dir/f2", "dir/f10", "/dir/f1", "nowhere", "dir//f1")) {
      all.add(
          kind(
              "link to " + target,
              p -> {
                Files.delete(p.resolve("link"));
                run("ln", "-s", target, p + "/link");
              },
              "link: link"));
    }
    for (String type : List.of("p", "c 1 3", "b 1 3")) {
      all.add(
          kind(
              "device " + type,
              p -> {
                Files.delete(p.resolve("dir/f6"));
                List<String> command = new ArrayList<>(List.of("mknod", p + "/dir/f6"));
                command.addAll(List.of(type.split(" ")));
                run(command.toArray(String[]::new));
              },
              "dir/f6: type"));
    }
    all.add(kind("pipe added", p -> run("mkfifo", p + "/pipe"), "pipe: new"));
    all.add(kind("hostile content", p -> flip(hostile("n\n \u00e9"), 0), "n\n \u00e9: content"));
    all.add(
        kind("hostile removed", p -> Files.delete(hostile("n\n \u00e9")), "n\n \u00e9: missing"));
    all.add(
        kind(
            "bytes content",
            p -> flip(bytes("bytes-\u00ff\u00fe"), 0),
            // JSON cannot contain these bytes.
            "bytes-\ufffd\ufffd: content"));
    all.add(
        unseen("time", p -> Files.setLastModifiedTime(p.resolve("run"), FileTime.fromMillis(0))));
    all.add(
        unseen(
            "hard link",
            p -> {
              Files.delete(p.resolve("dir/f7"));
              Files.writeString(p.resolveSibling("other"), "content 17");
              Files.createLink(p.resolve("dir/f7"), p.resolveSibling("other"));
            }));
    all.add(
        unseen(
            "rewritten",
            p -> {
              Files.delete(p.resolve("dir/f7"));
              Files.writeString(p.resolve("dir/f7"), "content 17");
            }));
    all.add(
        unseen(
            "order in the directory",
            p -> {
              Files.move(p.resolve("dir/f7"), p.resolve("dir/x"));
              Files.move(p.resolve("dir/x"), p.resolve("dir/f7"));
            }));
    all.add(unseen("owner", p -> run("chown", "--reference", p + "/run", p + "/dir/f7")));
    return all;
  }

  @Test
  void eachIsNamed() {
    List<Kind> kinds = kinds();
    assertTrue(kinds.size() >= 100, () -> "only " + kinds.size() + " kinds");
    List<Executable> checks = new ArrayList<>();
    kinds.forEach(kind -> checks.add(() -> check(kind)));
    assertAll(checks);
    assertEquals(0, strata.run("verify", in("witness.json"), in("plain.json")).exit());
  }

  private void check(Kind kind) throws Exception {
    try {
      kind.change().make(changing);
      Outcome with = strata.run("verify", "--json", in("witness.json"));
      Outcome without =
          strata.run("verify", "--json", "--closure-graph", in("hashes.json"), in("plain.json"));
      int exit = kind.named().isEmpty() ? 0 : 1;
      assertEquals(exit, with.exit(), () -> kind.name() + "\n" + with.out() + with.err());
      assertEquals(exit, without.exit(), () -> kind.name() + "\n" + without.out());
      List<String> files = new ArrayList<>();
      for (JsonTree file : lists(with, "files")) {
        String name = file.text("path").substring(changing.toString().length());
        List<String> found = new ArrayList<>();
        objects(file, "differences").forEach(d -> found.add(d.text("kind")));
        files.add((name.isEmpty() ? "" : name.substring(1)) + ": " + String.join(",", found));
      }
      assertEquals(kind.named(), files, kind.name());
      List<String> paths = new ArrayList<>();
      lists(without, "paths").forEach(path -> paths.add(path.text("path")));
      boolean inArchive = kind.inArchive() && !kind.named().isEmpty();
      assertEquals(inArchive ? List.of(changing.toString()) : List.of(), paths, kind.name());
    } finally {
      writeChanging();
    }
  }

  private static List<JsonTree> objects(JsonTree tree, String name) {
    List<JsonTree> found = tree.objects(name);
    return found == null ? List.of() : found;
  }

  private static List<JsonTree> lists(Outcome outcome, String field) {
    List<JsonTree> all = new ArrayList<>();
    byte[] json = outcome.out().getBytes(StandardCharsets.UTF_8);
    for (JsonTree image : objects(JsonTree.parse("the report", json), "images")) {
      for (JsonTree layer : objects(image, "layers")) {
        all.addAll(objects(layer, field));
      }
    }
    return all;
  }

  @Test
  void copyAndTarNameThemToo() throws Exception {
    try {
      flip(changing.resolve("dir/f1"), 0);
      mode("run", "rw-r--r--");
      for (int i = 20; i < 40; i++) {
        flip(changing.resolve("dir/f" + i), 2);
      }
      Outcome copy = strata.run("copy", in("witness.json"), "oci:" + in("layout"));
      assertEquals(1, copy.exit());
      List<String> lines = copy.err().lines().toList();
      assertEquals(
          "strata: source changed since the build: '" + changing + "'; build the image again",
          lines.getFirst());
      assertEquals("  '" + changing + "/dir/f1': content", lines.get(1));
      assertEquals("  ... and 12 more", lines.get(11));
      assertEquals(12, lines.size());
      assertFalse(Files.exists(folder.resolve("layout/index.json")));
      List<String> failures = new ArrayList<>();
      for (int layer = 0; layer <= STORE_PATHS; layer++) {
        Outcome tar = strata.run("tar", in("witness.json"), "--layer", "" + layer);
        if (tar.exit() != 0) {
          failures.add(tar.err());
        }
      }
      assertEquals(List.of(copy.err()), failures);
      Outcome plain = strata.run("copy", in("plain.json"), "oci:" + in("layout"));
      assertEquals(1, plain.exit());
      assertEquals(1, plain.err().lines().count(), plain.err());
    } finally {
      writeChanging();
    }
  }
}
