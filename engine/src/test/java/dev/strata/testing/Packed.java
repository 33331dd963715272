package dev.strata.testing;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorOutputStream;

/** Small tar files and their compressed forms, as other programs write them. */
public final class Packed {
  private Packed() {}

  /** A tar file with one file. */
  public static byte[] layer(String name, String content) {
    return tar(tar -> tar.file(name, content.getBytes(StandardCharsets.UTF_8)));
  }

  /** Writes the entries of a tar file. */
  public interface Entries {
    void write(Tar tar) throws IOException;
  }

  /** Adds entries to a tar file. */
  public record Tar(TarArchiveOutputStream out) {
    public void file(String name, byte[] content) throws IOException {
      TarArchiveEntry entry = new TarArchiveEntry(name, /* preserveAbsolutePath= */ true);
      entry.setSize(content.length);
      out.putArchiveEntry(entry);
      out.write(content);
      out.closeArchiveEntry();
    }

    public void symbolicLink(String name, String target) throws IOException {
      link(name, target, TarArchiveEntry.LF_SYMLINK);
    }

    public void hardLink(String name, String target) throws IOException {
      link(name, target, TarArchiveEntry.LF_LINK);
    }

    private void link(String name, String target, byte type) throws IOException {
      TarArchiveEntry entry = new TarArchiveEntry(name, type);
      entry.setLinkName(target);
      out.putArchiveEntry(entry);
      out.closeArchiveEntry();
    }
  }

  public static byte[] tar(Entries entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes)) {
      out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      entries.write(new Tar(out));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private interface Opener {
    OutputStream open(OutputStream target) throws IOException;
  }

  private static byte[] pack(byte[] content, Opener opener) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = opener.open(bytes)) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  public static byte[] gzip(byte[] content) {
    return pack(content, GZIPOutputStream::new);
  }

  public static byte[] zstd(byte[] content) {
    return Zstd.compress(content);
  }

  public static byte[] xz(byte[] content) {
    return pack(content, XZCompressorOutputStream::new);
  }

  public static byte[] bzip2(byte[] content) {
    return pack(content, BZip2CompressorOutputStream::new);
  }
}
