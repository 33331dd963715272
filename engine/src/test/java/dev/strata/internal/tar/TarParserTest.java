package dev.strata.internal.tar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.io.CorruptDataException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TarParserTest {
  private static final int BLOCK = 512;
  private static final String LONG = "d".repeat(150) + "/" + "e".repeat(300);

  private record Read(List<TarMember> members, List<byte[]> contents) {
    TarMember member(int i) {
      return members.get(i);
    }

    String name(int i) {
      return new String(members.get(i).name(), StandardCharsets.UTF_8);
    }
  }

  private static Read parse(byte[] tar, Random random) throws IOException {
    Read read = new Read(new ArrayList<>(), new ArrayList<>());
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    TarParser parser =
        new TarParser(
            member -> {
              read.members.add(member);
              content.reset();
              return new WritableByteChannel() {
                private final WritableByteChannel out = Channels.newChannel(content);

                @Override
                public int write(ByteBuffer bytes) throws IOException {
                  return out.write(bytes);
                }

                @Override
                public boolean isOpen() {
                  return true;
                }

                @Override
                public void close() {
                  read.contents.add(content.toByteArray());
                }
              };
            },
            CorruptDataException::new);
    for (int at = 0; at < tar.length; ) {
      int n = Math.min(tar.length - at, 1 + random.nextInt(3000));
      parser.write(ByteBuffer.wrap(tar, at, n));
      at += n;
    }
    parser.finish();
    return read;
  }

  private static byte[] header(String name, char type, long size) {
    TarArchiveEntry entry = new TarArchiveEntry(name, (byte) type);
    entry.setSize(size);
    byte[] block = new byte[BLOCK];
    entry.writeEntryHeader(block);
    return block;
  }

  private static byte[] padded(byte[] content) {
    return Arrays.copyOf(content, (content.length + BLOCK - 1) & -BLOCK);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] record(String key, byte[] value) {
    byte[] rest = join((" " + key + "=").getBytes(StandardCharsets.UTF_8), value, new byte[] {10});
    int length = rest.length + 1;
    while (Integer.toString(length).length() + rest.length != length) {
      length++;
    }
    return join(Integer.toString(length).getBytes(StandardCharsets.UTF_8), rest);
  }

  @ParameterizedTest
  @ValueSource(ints = {TarArchiveOutputStream.LONGFILE_POSIX, TarArchiveOutputStream.LONGFILE_GNU})
  void readsWhatAnotherLibraryWrites(int format) throws IOException {
    Random random = new Random(format);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    List<TarArchiveEntry> written = new ArrayList<>();
    List<byte[]> contents = new ArrayList<>();
    try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes, "UTF-8")) {
      out.setLongFileMode(format);
      out.setBigNumberMode(
          format == TarArchiveOutputStream.LONGFILE_GNU
              ? TarArchiveOutputStream.BIGNUMBER_STAR
              : TarArchiveOutputStream.BIGNUMBER_POSIX);
      out.setAddPaxHeadersForNonAsciiNames(format == TarArchiveOutputStream.LONGFILE_POSIX);
      for (int i = 0; i < 500; i++) {
        String name = i % 5 == 0 ? LONG + i : i % 7 == 0 ? "ä/ö" + i : "f" + i;
        byte type = (byte) "0001223456".charAt(random.nextInt(10));
        TarArchiveEntry entry = new TarArchiveEntry(type == '5' ? name + "/" : name, type);
        byte[] content = new byte[type == '0' ? random.nextInt(3) * random.nextInt(2000) : 0];
        random.nextBytes(content);
        entry.setSize(content.length);
        entry.setMode(random.nextInt(07777 + 1));
        entry.setUserId(random.nextInt(3) == 0 ? 5_000_000_000L : i);
        entry.setGroupId(i * 3L);
        entry.setModTime(random.nextInt(3) == 0 ? 0L : 1_700_000_000_000L);
        entry.setLinkName(type == '1' || type == '2' ? (i % 2 == 0 ? LONG : "to" + i) : "");
        if (type == '3' || type == '4') {
          entry.setDevMajor(i);
          entry.setDevMinor(i + 1);
        }
        out.putArchiveEntry(entry);
        out.write(content);
        out.closeArchiveEntry();
        written.add(entry);
        contents.add(content);
      }
    }

    Read read = parse(bytes.toByteArray(), random);

    assertEquals(written.size(), read.members.size());
    for (int i = 0; i < written.size(); i++) {
      TarArchiveEntry wanted = written.get(i);
      TarMember member = read.member(i);
      assertEquals(wanted.getName(), read.name(i));
      assertEquals(wanted.getLinkFlag(), member.type());
      assertEquals(wanted.getMode(), member.mode());
      assertEquals(wanted.getLongUserId(), member.uid());
      assertEquals(wanted.getLongGroupId(), member.gid());
      assertEquals(wanted.getLastModifiedTime().toMillis() / 1000, member.mtime());
      assertEquals(wanted.getLinkName(), new String(member.link(), StandardCharsets.UTF_8));
      assertEquals(wanted.getDevMajor(), member.major());
      assertEquals(wanted.getDevMinor(), member.minor());
      assertEquals(wanted.getSize(), member.size());
      assertArrayEquals(contents.get(i), read.contents.get(i));
    }
  }

  @Test
  void keepsNamesThatAreNotUtf8() throws IOException {
    byte[] name = {'a', (byte) 0xFF, '/', (byte) 0xC3};
    byte[] inHeader = header("x", '0', 0);
    byte[] pax = record("path", name);
    byte[] tar = join(header("pax", 'x', pax.length), padded(pax), inHeader, new byte[2 * BLOCK]);

    assertArrayEquals(name, parse(tar, new Random(1)).member(0).name());
  }

  @Test
  void readsExtendedAttributes() throws IOException {
    byte[] value = {1, 0, (byte) 0xFE};
    byte[] pax = record("SCHILY.xattr.security.capability", value);
    byte[] tar =
        join(
            header("pax", 'x', pax.length),
            padded(pax),
            header("with", '0', 0),
            header("without", '0', 0));

    Read read = parse(tar, new Random(1));

    assertArrayEquals(value, read.member(0).attributes().get("security.capability"));
    assertTrue(read.member(1).attributes().isEmpty());
  }

  @Test
  void appliesGlobalRecordsUntilTheyAreReplaced() throws IOException {
    byte[] all = record("uid", new byte[] {'7'});
    byte[] one = record("uid", new byte[] {'8'});
    byte[] tar =
        join(
            header("pax", 'g', all.length),
            padded(all),
            header("a", '0', 0),
            header("pax", 'x', one.length),
            padded(one),
            header("b", '0', 0),
            header("c", '0', 0));

    Read read = parse(tar, new Random(1));

    assertEquals(List.of(7L, 8L, 7L), read.members.stream().map(TarMember::uid).toList());
  }

  @Test
  void takesAFileWithASlashForADirectory() throws IOException {
    assertEquals('5', parse(header("old/", '0', 0), new Random(1)).member(0).type());
  }

  @Test
  void ignoresWhatFollowsTheEnd() throws IOException {
    byte[] tar = join(header("a", '0', 0), new byte[2 * BLOCK], "rest".getBytes());

    assertEquals(1, parse(tar, new Random(1)).members.size());
  }

  private static void assertCorrupt(String problem, byte[] tar) {
    CorruptDataException failure =
        assertThrows(CorruptDataException.class, () -> parse(tar, new Random(1)));
    assertTrue(String.valueOf(failure.getMessage()).contains(problem), failure.getMessage());
  }

  @Test
  void refusesAStreamThatEndsEarly() {
    assertCorrupt("ends early", join(header("a", '0', 700), new byte[BLOCK]));
    assertCorrupt("ends early", Arrays.copyOf(header("a", '0', 0), 100));
    assertCorrupt("ends early", join(header("a", 'L', 3), padded(new byte[] {'a', 'b', 'c'})));
  }

  @Test
  void refusesWhatIsNotTar() {
    byte[] text = new byte[BLOCK];
    Arrays.fill(text, (byte) '1');
    assertCorrupt("wrong checksum", text);
  }

  @ParameterizedTest
  @ValueSource(chars = {'L', 'K', 'x', 'g'})
  void refusesALargeHeader(char type) {
    assertCorrupt("more than 1 MiB", header("x", type, 3L << 30));
  }

  @Test
  void refusesHeadersThatAddUp() {
    byte[][] chain = new byte[4 * 600][];
    for (int i = 0; i < chain.length; i += 2) {
      chain[i] = header("x", i % 4 == 0 ? 'L' : 'K', 700);
      chain[i + 1] = new byte[2 * BLOCK];
    }
    assertCorrupt("more than 1 MiB", join(chain));
    byte[][] globals = new byte[3 * 40][];
    for (int i = 0; i < globals.length; i += 3) {
      byte[] pax = record("key" + i, new byte[50_000]);
      globals[i] = header("pax", 'g', pax.length);
      globals[i + 1] = padded(pax);
      globals[i + 2] = header("file", '0', 0);
    }
    assertCorrupt("global headers", join(globals));
  }
}
