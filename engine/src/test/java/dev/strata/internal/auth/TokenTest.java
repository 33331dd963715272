package dev.strata.internal.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TokenTest {
  private static @Nullable Token read(String json) {
    return Token.read(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsAnyFormOfTheLifetime() {
    for (Map.Entry<String, Long> lifetime :
        Map.ofEntries(
                Map.entry("300", 300L),
                Map.entry("\"300\"", 300L),
                Map.entry("300.9", 300L),
                Map.entry("3e2", 300L),
                Map.entry("5", 5L),
                Map.entry("0", 60L),
                Map.entry("0.5", 60L),
                Map.entry("-1", 60L),
                Map.entry("\"\"", 60L),
                Map.entry("\"soon\"", 60L),
                Map.entry("null", 60L),
                Map.entry("true", 60L),
                Map.entry("[1,{\"a\":2}]", 60L),
                Map.entry("{}", 60L),
                Map.entry("\"NaN\"", 60L),
                Map.entry("9223372036854775807", 86_400L),
                Map.entry("1" + "0".repeat(400), 86_400L))
            .entrySet()) {
      assertEquals(
          new Token("t", lifetime.getValue()),
          read("{\"expires_in\":" + lifetime.getKey() + ",\"token\":\"t\"}"),
          lifetime.getKey());
    }
    assertEquals(new Token("t", 60), read("{\"token\":\"t\"}"));
  }

  @Test
  void prefersTokenToAccessToken() {
    assertEquals(new Token("a", 60), read("{\"token\":\"a\",\"access_token\":\"b\"}"));
    assertEquals(new Token("a", 60), read("{\"access_token\":\"b\",\"token\":\"a\"}"));
    assertEquals(new Token("b", 60), read("{\"token\":\"\",\"access_token\":\"b\"}"));
    assertEquals(new Token("b", 60), read("{\"token\":null,\"access_token\":\"b\"}"));
  }

  @Test
  void ignoresWhenTheTokenWasIssued() {
    for (String time : List.of("\"yesterday\"", "17", "null", "\"1970-01-01T00:00:00Z\"")) {
      assertEquals(
          new Token("t", 300),
          read("{\"token\":\"t\",\"issued_at\":" + time + ",\"expires_in\":300}"));
    }
  }

  @Test
  void acceptsNoIncompleteToken() {
    for (String json :
        List.of(
            "",
            "{}",
            "[]",
            "<html>",
            "{\"token\":\"t",
            "{\"token\":7}",
            "{\"token\":\"a b\"}",
            "{\"token\":\"a\\r\\nHost: b\"}",
            "{\"token\":\"ü\"}")) {
      assertNull(read(json), json);
    }
    assertEquals(new Token("a|b:c", 60), read("{\"token\":\"a|b:c\"}"));
  }

  @Test
  void doesNotShowTheToken() {
    assertFalse(new Token("secret", 60).toString().contains("secret"));
  }
}
