package dev.strata.cli.look;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.strata.io.InvalidInputException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class JsonTreeTest {
  @Test
  void readsBytesThatAreNotUtf8AsGoDoes() {
    byte[] json = "{\"a\":\"x\u00ffy\"}".getBytes(StandardCharsets.ISO_8859_1);

    assertEquals("x\uFFFDy", JsonTree.parse("the configuration", json).text("a"));
  }

  @Test
  void readsLongNumbersAndKeys() {
    String key = "k".repeat(100_000);
    byte[] json =
        ("{\"n\":" + "9".repeat(3_000) + ",\"" + key + "\":\"v\"}")
            .getBytes(StandardCharsets.UTF_8);

    assertEquals("v", JsonTree.parse("the configuration", json).text(key));
  }

  @Test
  void failsOnOneLineForWhatItCannotRead() {
    for (String text : new String[] {"{", "{\"a\":[1}", "[".repeat(2_000), "{\"a\":nul}"}) {
      byte[] json = text.getBytes(StandardCharsets.UTF_8);
      InvalidInputException failure =
          assertThrows(
              InvalidInputException.class, () -> JsonTree.parse("the configuration", json));
      assertEquals(
          "cannot read the configuration: it is not valid JSON, or nested too deeply",
          failure.getMessage());
    }
  }
}
