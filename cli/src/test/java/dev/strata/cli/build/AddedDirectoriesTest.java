package dev.strata.cli.build;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.CommandLineRun;
import dev.strata.cli.Outcome;
import dev.strata.cli.SampleFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that are added to directories that the base, or an earlier layer, has. */
final class AddedDirectoriesTest {
  @TempDir private Path directory = Path.of("");
  private String src = "";
  private String file = "";
  private String json = "";
  private String base = "";

  @BeforeEach
  void makeBase() throws IOException {
    SampleFolders sample = new SampleFolders(directory);
    sample.file("root/usr/lib/libc.so", "c");
    sample.file("root/tmp/keep", "");
    sample.file("root/root/keep", "");
    sample.file("root/srv/data/keep", "");
    mode("root/tmp", 01777);
    mode("root/root", 0700);
    mode("root/srv/data", 0700);
    Path root = directory.resolve("root");
    Files.createSymbolicLink(root.resolve("lib"), Path.of("usr/lib"));
    Files.createDirectories(root.resolve("var"));
    Files.createDirectories(root.resolve("run"));
    Files.createSymbolicLink(root.resolve("var/run"), Path.of("../run"));
    sample.file("node/keep", "");
    file = sample.file("src/file", "text").toString();
    src = sample.path("src");
    json = sample.path("image.json");
    base = "oci:" + directory.resolve("base");
    strata(
            "build",
            "-q",
            "--add",
            root + ":/",
            "--add",
            sample.path("node") + ":/home/node:owner=1000:1001,dir-mode=0750",
            "--add",
            sample.path("node") + ":/work:owner=1000,dir-mode=0700",
            "--workdir",
            "/work/now",
            "--to",
            base)
        .succeeds();
  }

  private void mode(String name, int mode) throws IOException {
    Files.setAttribute(directory.resolve(name), "unix:mode", mode);
  }

  private Outcome build(String... more) {
    List<String> args = new ArrayList<>(List.of("build", "-q", "-o", json));
    args.addAll(List.of(more));
    return new CommandLineRun().run(args);
  }

  /** Returns the entries of the last layer as name, mode and owner. */
  private List<String> added(String... more) throws IOException {
    build(more).succeeds();
    int last = dev.strata.image.Image.read(Path.of(json)).layers().size() - 1;
    Outcome tar = strata("tar", json, "--layer", String.valueOf(last)).succeeds();
    List<String> entries = new ArrayList<>();
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(new java.io.ByteArrayInputStream(tar.bytes()), "UTF-8")) {
      for (TarArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
        entries.add(
            e.getName()
                + " %04o ".formatted(e.getMode())
                + e.getLongUserId()
                + ":"
                + e.getLongGroupId());
      }
    }
    return entries;
  }

  @ParameterizedTest
  @CsvSource({
    "/tmp/file, / 0755 0:0|/tmp/ 1777 0:0|/tmp/file 0644 0:0",
    "/root/, / 0755 0:0|/root/ 0700 0:0|/root/file 0644 0:0",
    "/home/node/a/file, '/ 0755 0:0|/home/ 0755 0:0|/home/node/ 0750 1000:1001"
        + "|/home/node/a/ 0755 0:0|/home/node/a/file 0644 0:0'",
    "/lib/file, / 0755 0:0|/usr/ 0755 0:0|/usr/lib/ 0755 0:0|/usr/lib/file 0644 0:0",
    "/var/run/file, / 0755 0:0|/run/ 0755 0:0|/run/file 0644 0:0",
    "/work/now/file, '/ 0755 0:0|/work/ 0700 1000:1000|/work/now/ 0755 0:0"
        + "|/work/now/file 0644 0:0'",
    "/app/file, / 0755 0:0|/app/ 0755 0:0|/app/file 0644 0:0"
  })
  void directoriesAboveKeepTheModeAndOwnerOfTheBase(String target, String entries)
      throws IOException {
    assertEquals(
        List.of(entries.split("\\|")), added("--from", base, "--add", file + ":" + target));
  }

  @ParameterizedTest
  @CsvSource({
    "/tmp, / 0755 0:0|/tmp/ 1777 0:0|/tmp/file 0644 0:0",
    "/tmp:owner=5, / 0755 0:0|/tmp/ 1777 5:5|/tmp/file 0644 5:5",
    "/tmp:dir-mode=0711, / 0755 0:0|/tmp/ 0711 0:0|/tmp/file 0644 0:0",
    "/lib/, / 0755 0:0|/usr/ 0755 0:0|/usr/lib/ 0755 0:0|/usr/lib/file 0644 0:0",
    "/home/node, '/ 0755 0:0|/home/ 0755 0:0|/home/node/ 0750 1000:1001"
        + "|/home/node/file 0644 0:0'",
    "//app/./, / 0755 0:0|/app/ 0750 0:0|/app/file 0644 0:0"
  })
  void aFolderOfTheBaseKeepsItsModeAndOwner(String target, String entries) throws IOException {
    mode("src", 0750);

    assertEquals(List.of(entries.split("\\|")), added("--from", base, "--add", src + ":" + target));
  }

  @Test
  void directoriesAboveKeepTheModeAndOwnerOfEarlierLayers() throws IOException {
    Files.createDirectories(directory.resolve("app/log"));
    mode("app/log", 0770);
    String app = directory.resolve("app").toString();

    assertEquals(
        List.of("/ 0755 0:0", "/app/ 0755 7:8", "/app/log/ 0770 7:8", "/app/log/file 0644 0:0"),
        added("--add", app + ":/app:owner=7:8", "--add", file + ":/app/log/"));
    assertEquals(
        List.of("/ 0755 0:0", "/app/ 0755 7:8", "/app/file 0644 0:0"),
        added("--add", app + ":/app:owner=7:8", "--add", src + ":/app"));
    assertEquals(
        List.of("/ 0755 0:0", "/home/ 0755 0:0", "/home/me/ 0755 9:9", "/home/me/file 0644 0:0"),
        added("--add-user", "me:9:9:/home/me", "--add", file + ":/home/me/"));
  }

  @Test
  void imageJsonRecordsTheDirectoriesAbove() throws IOException {
    added("--from", base, "--add", file + ":/tmp/file");

    assertTrue(
        Files.readString(Path.of(json)).replaceAll("\\s", "").contains("\"parents\":[{\"regex\":"));
    strata("copy", json, "oci:" + directory.resolve("copied")).succeeds();
    strata("verify", json).succeeds();
  }

  @Test
  void aLinkOrDirectoryOfTheBaseIsNotReplaced() throws IOException {
    Files.createDirectories(directory.resolve("other/lib"));
    Outcome link = build("--from", base, "--add", directory.resolve("other") + ":/").fails();
    assertTrue(
        link.err()
            .contains(
                "other': its '/lib' is a directory, and would replace that of the base image,"
                    + " a link to usr/lib; exclude it, or add it elsewhere"),
        link.err());
    build("--from", base, "--add", directory.resolve("other") + ":/:exclude=lib").succeeds();

    Files.createSymbolicLink(directory.resolve("other/tmp"), Path.of("var"));
    Outcome linked =
        build("--from", base, "--add", directory.resolve("other") + ":/:exclude=lib").fails();
    assertTrue(linked.err().contains("its '/tmp' is a link"), linked.err());
  }

  @Test
  void aDirectoryDoesNotReplaceAFile() {
    build("--add", src + ":/a", "--add", src + ":/a/file")
        .fails("'/a/file' is a file, which '" + src + "' adds; use another path");
    build("--add", file + ":/a", "--add", src + ":/a/b/c").fails("'/a' is a file");
    build("--add", src + ":/a", "--add", src + ":/a/files").succeeds();
  }

  @Test
  void aFileDoesNotReplaceADirectory() {
    build("--from", base, "--add", file + ":/usr/local/bin")
        .isBadUsage(2, "which is a directory: end it with a slash");
    Outcome known = build("--from", base, "--add", file + ":/var/run").fails();
    assertTrue(known.err().contains("a directory in the image"), known.err());
  }

  @Test
  void otherBasesAreNotRead() throws IOException {
    // Layers that cannot be read do not matter if nothing varies above the target.
    try (var blobs = Files.walk(directory.resolve("base/blobs"))) {
      for (Path blob : blobs.filter(Files::isRegularFile).toList()) {
        if (Files.readAllBytes(blob)[0] != '{') {
          Files.write(blob, new byte[(int) Files.size(blob)]);
        }
      }
    }
    build("--from", base, "--add", src + ":/app/src", "--add", file + ":/usr/bin/").succeeds();

    build("--from", base, "--add", file + ":/tmp/").fails();
  }
}
