package dev.strata.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.io.FileNames;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JsonTextTest {
  private static Map<String, Object> sample() {
    Map<String, Object> inner = new LinkedHashMap<>();
    inner.put("yes", true);
    inner.put("large", Long.MAX_VALUE);
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("z", "first");
    map.put("a", List.of(1, inner, List.of()));
    map.put("empty", Map.of());
    return map;
  }

  @Test
  void keepsTheOrderOfKeys() {
    assertEquals(
        "{\"z\":\"first\",\"a\":[1,{\"yes\":true,\"large\":9223372036854775807},[]],\"empty\":{}}",
        JsonText.compact(sample()));
  }

  @Test
  void indentsByTabsAndKeepsEmptyValuesOnOneLine() {
    String expected =
        """
        {
        	"z": "first",
        	"a": [
        		1,
        		{
        			"yes": true,
        			"large": 9223372036854775807
        		},
        		[]
        	],
        	"empty": {}
        }\
        """;
    assertEquals(expected, JsonText.indented(sample()));
  }

  @Test
  void writesNull() {
    List<Object> values = new ArrayList<>();
    values.add(null);
    assertEquals("[null]", JsonText.compact(values));
  }

  @Test
  void escapesAsGoDoes() {
    assertEquals(
        "\"\\\"\\\\\\b\\f\\n\\r\\t\\u001b\\u0000\\u003c\\u003e\\u0026\\u2028\\u2029\"",
        JsonText.compact("\"\\\b\f\n\r\t\u001b\u0000<>&\u2028\u2029"));
    assertEquals(
        "\"/caf\u00e9 \uD83D\uDE00\u007f\"", JsonText.compact("/caf\u00e9 \uD83D\uDE00\u007f"));
  }

  @Test
  void replacesBytesThatAreNotUtf8() {
    String name = FileNames.decode("n\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    assertEquals("\"n\\ufffd\"", JsonText.compact(name));
  }
}
