package dev.strata.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Tar streams with the entries that matter to zstd:chunked. Always the same bytes. */
public final class ChunkedSample {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar =
      new TarArchiveOutputStream(bytes, 512, StandardCharsets.UTF_8.name());
  private final Random random = new Random(7);

  public ChunkedSample() {
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
  }

  /** Returns a stream with entries of all kinds, and files with zeros, noise and text. */
  public static byte[] all() {
    ChunkedSample s = new ChunkedSample();
    s.entry("nix/", TarConstants.LF_DIR, "");
    s.entry("nix/store/", TarConstants.LF_DIR, "");
    s.file("nix/store/empty", new byte[0]);
    s.file("nix/store/hello", utf8("hello world\n"));
    s.file("nix/store/a&b<c>\"\\ \u00e9\u4e2d.txt", utf8("x".repeat(5000)));
    s.entry("nix/store/link", TarConstants.LF_SYMLINK, "hello&co");
    s.entry("nix/store/hard", TarConstants.LF_LINK, "nix/store/hello");
    s.entry("dev/", TarConstants.LF_DIR, "");
    s.entry("dev/null", TarConstants.LF_CHR, "");
    s.entry("dev/sda", TarConstants.LF_BLK, "");
    s.entry("dev/pipe", TarConstants.LF_FIFO, "");
    s.file("noise", s.noise(1_500_000));
    s.file("zeros", new byte[300_000]);
    s.file("zeros-1023", new byte[1023]);
    s.file("zeros-1024", new byte[1024]);
    s.file("zeros-first", join(new byte[3000], s.noise(100_000)));
    s.file(
        "zeros-between",
        join(
            s.noise(70_000),
            new byte[1023],
            s.noise(500),
            new byte[1024],
            s.noise(9),
            new byte[5000],
            utf8("end")));
    s.file("zeros-last-1023", join(s.noise(200), new byte[1023]));
    s.file("zeros-last", join(s.noise(200), new byte[2000]));
    byte[] same = new byte[2_200_000];
    Arrays.fill(same, (byte) 'A');
    s.file("same", same);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      text.append("line ").append(i).append(" of a text that repeats itself\n");
    }
    s.file("text", utf8(text.toString()));
    s.entry("d".repeat(120) + "/", TarConstants.LF_DIR, "");
    s.file("d".repeat(120) + "/" + "n".repeat(130), utf8("a long name"));
    s.file(
        "attributes",
        utf8("attributes"),
        Map.of(
            "SCHILY.xattr.user.z",
            "1&2",
            "SCHILY.xattr.user.a",
            "b",
            "mtime",
            "1700000000.125",
            "atime",
            "1700000001.5",
            "ctime",
            "1700000002"));
    for (int size : new int[] {511, 512, 513}) {
      s.file("noise-" + size, s.noise(size));
    }
    return s.bytes();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** Returns bytes that do not repeat, others each time. */
  public byte[] noise(int size) {
    byte[] noise = new byte[size];
    random.nextBytes(noise);
    return noise;
  }

  /** Adds a file. */
  public ChunkedSample file(String name, byte[] content) {
    return file(name, content, Map.of());
  }

  /** Adds a file with records of an extended header. */
  public ChunkedSample file(String name, byte[] content, Map<String, String> records) {
    TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_NORMAL);
    entry.setMode(0444);
    entry.setIds(content.length % 3, content.length % 2);
    entry.setUserName("user");
    entry.setSize(content.length);
    records.forEach(entry::addPaxHeader);
    if (!records.containsKey("mtime")) {
      entry.setModTime(1000L);
    }
    return put(entry, content);
  }

  /** Adds an entry without content. */
  public ChunkedSample entry(String name, byte type, String link) {
    TarArchiveEntry entry = new TarArchiveEntry(name, type);
    entry.setMode(0755);
    entry.setIds(0, 0);
    entry.setUserName("");
    entry.setModTime(name.length() % 2 * 1000L);
    entry.setLinkName(link);
    if (type == TarConstants.LF_CHR || type == TarConstants.LF_BLK) {
      entry.setDevMajor(8);
      entry.setDevMinor(3);
    }
    return put(entry, new byte[0]);
  }

  private ChunkedSample put(TarArchiveEntry entry, byte[] content) {
    try {
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the stream with two blocks of zeros. */
  public byte[] bytes() {
    try {
      tar.finish();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
