package dev.strata.internal.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.testing.Failures;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JsonFieldsTest {
  private static JsonFields parse(String json) {
    return JsonFields.parse("it", json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void keepsValuesAndTheirOrder() {
    assertEquals(
        "{\"z\":{\"b\":[],\"a\":{}},\"n\":[1.50,-1e9,123456789012345678901234567890],"
            + "\"t\":[true,false,null],\"s\":\"\\\"ü\\u003c\"}",
        parse(
                " { \"z\" : {\"b\": [ ], \"a\": {}},\n\"n\": [1.50, -1e9,"
                    + " 123456789012345678901234567890],"
                    + "\"t\":[true, false, null], \"s\": \"\\\"\\u00fc<\" }")
            .toJson());
    assertEquals("{}", parse("{}").toJson());
  }

  @Test
  void changesAFieldInItsPlaceOrAtTheEnd() {
    JsonFields fields = parse("{\"Size\":1,\"a\":2,\"size\":3}");
    assertEquals("{\"size\":4,\"a\":2}", fields.with("size", "4").toJson());
    assertEquals("{\"Size\":1,\"a\":2,\"size\":3,\"b\":{}}", fields.with("b", "{}").toJson());
    assertEquals("{\"a\":2}", fields.without(List.of("size", "b")).toJson());
  }

  @Test
  void givesTheElementsOfAnArray() {
    JsonFields fields = parse("{\"a\":[1, {\"b\": 2}], \"n\":null, \"s\":\"x\"}");
    assertEquals(List.of("1", "{\"b\":2}"), fields.elements("A"));
    assertEquals(List.of(), fields.elements("n"));
    assertEquals(List.of(), fields.elements("other"));
    Failures.assertFails(() -> fields.elements("s"), "field s", "array");
  }

  @Test
  void copiesDeepNesting() {
    String deep = "{\"a\":" + "[".repeat(9_000) + "]".repeat(9_000) + "}";
    assertEquals(deep, parse(deep).toJson());
    Failures.assertFails(() -> parse("{\"a\":[1"), "it is not valid JSON");
  }
}
