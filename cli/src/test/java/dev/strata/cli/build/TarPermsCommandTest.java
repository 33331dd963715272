package dev.strata.cli.build;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TarPermsCommandTest {
  private static final String RULES =
      """
      [
      \t{
      \t\t"path": "/p/q",
      \t\t"regex": "^/p/q/bin$",
      \t\t"mode": "0755",
      \t\t"uid": 0,
      \t\t"gid": 0,
      \t\t"uname": "",
      \t\t"gname": ""
      \t},
      \t{
      \t\t"path": "/p/q",
      \t\t"regex": "^/p/q/bin/a\\\\.\\\\+b$",
      \t\t"mode": "4750",
      \t\t"uid": 7,
      \t\t"gid": 3000000,
      \t\t"uname": "seven",
      \t\t"gname": "eight"
      \t}
      ]
      """;

  @TempDir private Path directory = Path.of("");

  private static byte[] tar(TarArchiveEntry... entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      for (TarArchiveEntry entry : entries) {
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static TarArchiveEntry entry(String name, int mode, long uid, long gid) {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setMode(mode);
    entry.setIds(0, 0);
    entry.setUserId(uid);
    entry.setGroupId(gid);
    entry.setNames("", "");
    return entry;
  }

  private static byte[] sample() throws IOException {
    TarArchiveEntry tool = entry("./bin/a.+b", 0104750, 7, 3_000_000);
    tool.setNames("seven", "eight");
    TarArchiveEntry earlier = entry("bin/a.+b", 0100600, 1, 1);
    return tar(entry("./", 0700, 9, 9), earlier, entry("./bin/", 0755, 0, 0), tool);
  }

  private String write(String name, byte[] bytes) throws IOException {
    return Files.write(directory.resolve(name), bytes).toString();
  }

  @Test
  void writesOneRuleForEachMember() throws IOException {
    String file = write("a.tar", sample());
    assertEquals(RULES, strata("tar-perms", file, "/p/q").succeeds().out());
    String rules = directory.resolve("rules.json").toString();
    strata("tar-perms", file, "/p/q/", "-o", rules).succeeds();
    assertEquals(RULES.replace("\"/p/q\"", "\"/p/q/\""), Files.readString(Path.of(rules)));
  }

  @Test
  void readsCompressedTars() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(sample());
    }
    String file = write("a.tar.gz", packed.toByteArray());
    assertEquals(RULES, strata("tar-perms", file, "/p/q").succeeds().out());
  }

  @Test
  void foldersThatAreNotMembersHaveTheUsualMode() throws IOException {
    String file = write("a.tar", tar(entry("a/b/c", 0600, 1, 1), entry("a/", 0700, 2, 2)));
    String rules = strata("tar-perms", file, "/p").succeeds().out();
    assertEquals(
        List.of("\"0755\"", "\"0600\"", "\"0700\""),
        rules.lines().filter(l -> l.contains("mode")).map(l -> l.substring(10, 16)).toList());
  }

  @Test
  void anOwnerWithoutANameIsNotCalledRoot() throws IOException {
    String file = write("a.tar", tar(entry("a", 0600, 12, 34)));
    String rules = strata("tar-perms", file, "/p").succeeds().out();
    assertTrue(rules.contains("\"uname\": \"12\",\n\t\t\"gname\": \"34\""), rules);
  }

  @Test
  void rejectsWhatAStorePathCannotContain() throws IOException {
    TarArchiveEntry device = new TarArchiveEntry("dev/null", TarArchiveEntry.LF_CHR);
    strata("tar-perms", write("device.tar", tar(device)), "/p").fails("a device or a FIFO");
    strata("tar-perms", write("up.tar", tar(entry("a/../b", 0644, 0, 0))), "/p")
        .fails("leads out of the tar");
    strata("tar-perms", write("none.tar", new byte[10240]), "/p").fails("has no members");
    strata(
            "tar-perms",
            write(
                "text.tar", "no tar at all, but long".repeat(50).getBytes(StandardCharsets.UTF_8)),
            "/p")
        .fails("cannot read the tar file");
  }

  @Test
  void saysWhatIsWrongWithAFile() throws IOException {
    String missing = directory.resolve("missing.tar").toString();
    assertEquals(
        "strata: cannot read the tar file '" + missing + "': no such file; check the path\n",
        strata("tar-perms", missing, "/p").fails().err());
    for (String magic : List.of("FD377A585A00=xz", "28B52FFD24=zstd", "425A6839=bzip2")) {
      String[] pair = magic.split("=");
      String packed = write("packed.tar", HexFormat.of().parseHex(pair[0]));
      assertEquals(
          "strata: cannot read the tar file '"
              + packed
              + "': it is compressed with "
              + pair[1]
              + "; use a plain or gzip tar\n",
          strata("tar-perms", packed, "/p").fails().err());
    }
    byte[] text = "text".repeat(300).getBytes(StandardCharsets.UTF_8);
    String err = strata("tar-perms", write("text.tar", text), "/p").fails().err();
    assertFalse(err.contains(".;"), err);
  }
}
