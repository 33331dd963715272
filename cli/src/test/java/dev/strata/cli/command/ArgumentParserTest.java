package dev.strata.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ArgumentParserTest {
  private final Arguments arguments = new Arguments();
  private final Argument<Boolean> verify = arguments.choice("", "--src-verify", "--verify");
  private final Argument<String> login = arguments.text("USER:PASSWORD", "", "--src-creds");
  private final Argument<List<String>> rest = arguments.parameters(false, "PLACE", "");

  private String problem(String... args) {
    UsageException e =
        assertThrows(UsageException.class, () -> ArgumentParser.parse(arguments, args));
    return String.valueOf(e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "--verify a b, true",
    "--verify=false a b, false",
    "--src-verify=0 a b, false",
    "a --verify false b, false",
    "a --verify True b, true",
    "a b --verify, true",
    "--verify=false a --verify b, true",
  })
  void aChoiceHasAnOptionalValue(String typed, boolean expected) {
    ArgumentParser.parse(arguments, typed.split(" ", -1));
    assertEquals(expected, verify.isSet());
    assertEquals(List.of("a", "b"), rest.get());
  }

  @Test
  void messagesNameTheOptionAsTyped() {
    assertEquals("--src-verify: must be true or false, got 'x'", problem("--src-verify=x"));
    assertEquals("--verify: must be true or false, got 'x'", problem("--verify=x"));
    assertEquals("--src-creds requires a value: USER:PASSWORD", problem("--src-creds"));
  }

  @Test
  void suggestsEveryLongName() {
    assertTrue(problem("--src-verfy").endsWith("did you mean '--src-verify'?"));
    assertTrue(problem("--verfy").endsWith("did you mean '--verify'?"));
  }

  @Test
  void doesNotShowTheValueOfAMisspeltOption() {
    assertFalse(problem("--src-credz=ali:sesame").contains("sesame"));
    assertFalse(problem("-xali:sesame").contains("sesame"));
  }

  @Test
  void aValueMayLookLikeAnOption() {
    ArgumentParser.parse(arguments, "--src-creds", "--verify", "a");
    assertEquals("--verify", login.get());
    assertEquals(List.of("a"), rest.get());
  }

  @Test
  void takesAllArgumentsVerbatim() {
    Arguments all = new Arguments();
    Argument<List<String>> given = all.verbatim("ARGUMENT", "");
    ArgumentParser.parse(all, "--debug", "copy", "--help", "--", "-x");
    assertEquals(List.of("--debug", "copy", "--help", "--", "-x"), given.get());
    assertFalse(all.help().isSet());
  }
}
