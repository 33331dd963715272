package dev.strata.bench.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.bench.jmh.BufferBenchmark.Access;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarUtils;
import org.apache.commons.compress.archivers.zip.ZipEncodingHelper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Agrona's buffers need a JVM flag; the benchmark itself compares their output with the others. */
class HeaderWriterTest {
  @ParameterizedTest
  @EnumSource(names = {"BYTE_ARRAY", "VAR_HANDLE", "MEMORY_SEGMENT"})
  void writesHeadersThatCommonsCompressReads(Access access) throws IOException {
    byte[] slab = new byte[2 * HeaderWriter.BLOCK];
    byte[] name = "nix/store/name".getBytes(StandardCharsets.US_ASCII);

    BufferBenchmark.writer(access, slab).write(name, 1_234_567, HeaderWriter.BLOCK);

    byte[] header = Arrays.copyOfRange(slab, HeaderWriter.BLOCK, slab.length);
    assertTrue(TarUtils.verifyCheckSum(header));
    TarArchiveEntry entry =
        new TarArchiveEntry(Map.of(), header, ZipEncodingHelper.getZipEncoding("UTF-8"), false);
    assertEquals("nix/store/name", entry.getName());
    assertEquals(1_234_567, entry.getSize());
    assertEquals(0644, entry.getMode());
    assertEquals("root", entry.getUserName());
  }
}
