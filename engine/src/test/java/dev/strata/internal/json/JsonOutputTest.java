package dev.strata.internal.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.io.FileNames;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class JsonOutputTest {
  @Test
  void indentsByTabsAndKeepsEmptyValuesOnOneLine() {
    JsonOutput out = JsonOutput.indented();
    out.beginArray().beginObject().field("a", 1).name("b").beginArray().endArray();
    out.name("c").beginObject().endObject().name("d").beginArray().string("x").nullValue();
    out.endArray().name("e").bool(true).endObject().endArray();

    assertEquals(
        """
        [
        \t{
        \t\t"a": 1,
        \t\t"b": [],
        \t\t"c": {},
        \t\t"d": [
        \t\t\t"x",
        \t\t\tnull
        \t\t],
        \t\t"e": true
        \t}
        ]\
        """,
        out.toString());
  }

  @Test
  void writesCompactTextOnOneLine() {
    JsonOutput out = JsonOutput.compact();
    out.beginObject().field("a", -1).fieldUnlessEmpty("b", "").fieldUnlessEmpty("c", "x");
    out.name("d").beginArray().string("y").beginObject().endObject().endArray().endObject();

    assertEquals("{\"a\":-1,\"c\":\"x\",\"d\":[\"y\",{}]}", out.toString());
  }

  @Test
  void escapesWhatGoEscapes() {
    String text = "\"\\/\b\f\n\r\t\u0000\u001F\u007F<>&'\u2028\u2029\u0085é𝄞";

    assertEquals(
        "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u007F\\u003c\\u003e\\u0026'\\u2028\\u2029"
            + "\u0085é𝄞\"",
        JsonOutput.compact().string(text).toString());
  }

  @Test
  void replacesBytesThatAreNotUtf8() {
    String name = FileNames.decode(new byte[] {'a', (byte) 0xFF, (byte) 0xC3, 'b'});

    assertEquals("\"a\\ufffd\\ufffdb\"", JsonOutput.compact().string(name).toString());
    assertEquals("\"\\ufffd\"", JsonOutput.compact().string("\uD800").toString());
  }

  @Test
  void ordersKeysAsUtf8NotAsUtf16() {
    TreeSet<String> keys = new TreeSet<>(JsonOutput.KEY_ORDER);
    keys.addAll(List.of("𝄞", "\uFFFD", "é", "z", "Z", "", "za"));

    assertEquals(List.of("", "Z", "z", "za", "é", "\uFFFD", "𝄞"), List.copyOf(keys));
  }
}
