package dev.strata.bench.workload;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * The yardstick: a straightforward program that walks the store paths, writes them as a tar stream
 * and hashes it, all with one thread. Run as {@code WalkTarHash PATH-LIST OUTPUT}; it writes the
 * digest to the output file.
 */
public final class WalkTarHash {
  private static final int BUFFER = 64 << 10;

  private WalkTarHash() {}

  /**
   * Hashes the tar stream of store paths.
   *
   * @param args a file that lists the store paths, one per line, and the output file
   * @throws IOException if a file cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    MessageDigest sha256;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    OutputStream hashing = new DigestOutputStream(OutputStream.nullOutputStream(), sha256);
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(hashing, BUFFER, "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      for (String path : Files.readAllLines(Path.of(args[0]))) {
        Files.walkFileTree(Path.of(path), new Visitor(tar));
      }
    }
    Files.writeString(Path.of(args[1]), HexFormat.of().formatHex(sha256.digest()) + "\n");
  }

  private static final class Visitor extends SimpleFileVisitor<Path> {
    private final TarArchiveOutputStream tar;
    private final byte[] buffer = new byte[BUFFER];

    Visitor(TarArchiveOutputStream tar) {
      this.tar = tar;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
        throws IOException {
      put(new TarArchiveEntry(dir + "/", true));
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (attributes.isSymbolicLink()) {
        TarArchiveEntry entry = new TarArchiveEntry(file.toString(), TarConstants.LF_SYMLINK);
        entry.setLinkName(Files.readSymbolicLink(file).toString());
        put(entry);
        return FileVisitResult.CONTINUE;
      }
      TarArchiveEntry entry = new TarArchiveEntry(file.toString(), true);
      entry.setSize(attributes.size());
      entry.setMode(Files.isExecutable(file) ? 0555 : 0444);
      entry.setModTime(1000);
      tar.putArchiveEntry(entry);
      try (InputStream in = Files.newInputStream(file)) {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          tar.write(buffer, 0, n);
        }
      }
      tar.closeArchiveEntry();
      return FileVisitResult.CONTINUE;
    }

    private void put(TarArchiveEntry entry) throws IOException {
      entry.setModTime(1000);
      tar.putArchiveEntry(entry);
      tar.closeArchiveEntry();
    }
  }
}
