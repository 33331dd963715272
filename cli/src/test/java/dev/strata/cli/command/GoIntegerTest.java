package dev.strata.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GoIntegerTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "7, 7",
    "-1, -1",
    "+3, 3",
    "0x10, 16",
    "-0X10, -16",
    "0o20, 16",
    "020, 16",
    "0b11, 3",
    "0x1_0, 16",
    "1_0, 10",
    "0_20, 16",
    "9223372036854775807, 9223372036854775807"
  })
  void readsNumbersLikeGo(String text, long number) {
    assertEquals(number, GoInteger.read(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "x",
        "1.0",
        "1__0",
        "_1",
        "1_",
        "0x",
        "08",
        "--1",
        "0x-1",
        "9223372036854775808"
      })
  void rejectsWhatGoRejects(String text) {
    assertThrows(UsageException.class, () -> GoInteger.read(text));
  }
}
