package dev.strata.internal.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strata.io.HostPlatform;
import dev.strata.testing.Tools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class Sha256ChoiceTest {
  @TempDir private Path folder;

  /** Without the second compiler, the JDK's SHA-256 takes ten times as long. */
  @Test
  void aSingleLargeFileIsWorthBindingLibcrypto() throws IOException, InterruptedException {
    assumeTrue(HostPlatform.isLinux() && Libcrypto.works());
    assertEquals("JdkSha256", hashAFileOf(100_000));
    assertEquals("LibcryptoSha256", hashAFileOf(8 << 20));
  }

  private String hashAFileOf(long size) throws IOException, InterruptedException {
    Path path = folder.resolve("file" + size);
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.setLength(size);
    }
    List<String> command = Tools.java(HashAFile.class);
    command.add(path.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = Tools.read(process.getInputStream());
    assertEquals(0, process.waitFor(), printed);
    return printed;
  }
}
