package dev.strata.internal.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.io.FileNames;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
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
  void comparesKeysAsTheirBytes() {
    char[] characters = {'a', 'b', 'é', '\uD7FF', '\uD83D', '\uDC80', '\uDE00', '\uE000', '\uFFFD'};
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      String a = key(characters, random);
      String b = key(characters, random);
      int expected = Arrays.compareUnsigned(FileNames.encode(a), FileNames.encode(b));
      int order = JsonOutput.KEY_ORDER.compare(a, b);
      assertEquals(Integer.signum(expected), Integer.signum(order), () -> a + " and " + b);
    }
  }

  private static String key(char[] characters, Random random) {
    StringBuilder key = new StringBuilder();
    for (int length = random.nextInt(5); length > 0; length--) {
      key.append(characters[random.nextInt(characters.length)]);
    }
    return key.toString();
  }

  @Test
  void ordersKeysAsUtf8NotAsUtf16() {
    TreeSet<String> keys = new TreeSet<>(JsonOutput.KEY_ORDER);
    keys.addAll(List.of("𝄞", "\uFFFD", "é", "z", "Z", "", "za"));

    assertEquals(List.of("", "Z", "z", "za", "é", "\uFFFD", "𝄞"), List.copyOf(keys));
  }
}
