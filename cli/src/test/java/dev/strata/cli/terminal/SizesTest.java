package dev.strata.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class SizesTest {
  @Test
  void writesBytesWithThreeDigits() {
    assertEquals("0 B", Sizes.bytes(0));
    assertEquals("999 B", Sizes.bytes(999));
    assertEquals("1.00 kB", Sizes.bytes(1000));
    assertEquals("9.99 kB", Sizes.bytes(9_994));
    assertEquals("10.0 kB", Sizes.bytes(9_995));
    assertEquals("100 kB", Sizes.bytes(99_950));
    assertEquals("1.00 MB", Sizes.bytes(999_500));
    assertEquals("5.05 GB", Sizes.bytes(5_050_000_000L));
    assertEquals("9223372 TB", Sizes.bytes(Long.MAX_VALUE));
  }

  @Test
  void countsInWords() {
    assertEquals("1 layer", Sizes.count(1, "layer"));
    assertEquals("2 entries", Sizes.count(2, "entry"));
    assertEquals("127,000 paths", Sizes.count(127_000, "path"));
  }

  @Test
  void writesTimesAndRates() {
    assertEquals("0.35 s", Sizes.seconds(350_000_000));
    assertEquals("62.1 s", Sizes.seconds(62_100_000_000L));
    assertEquals("2.00 MB/s", Sizes.rate(1_000_000, 500_000_000));
    assertEquals("0 B/s", Sizes.rate(1_000_000, 0));
    assertEquals("0.87 GB/s", Sizes.gigabytesPerSecond(870_000_000, 1_000_000_000));
  }

  @Test
  void shortensDigests() {
    assertEquals("0123456789ab", Sizes.shortDigest("sha256:0123456789abcdef"));
    assertEquals("01", Sizes.shortDigest("01"));
  }
}
