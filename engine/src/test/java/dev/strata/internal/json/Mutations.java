package dev.strata.internal.json;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Spoils JSON texts, byte by byte and by their structure, the same way for the same seed. */
final class Mutations {
  private static final Pattern TOKEN =
      Pattern.compile("\"(?:[^\"\\\\]++|\\\\.)*+\"|[{}\\[\\],:]|[^\\s{}\\[\\],:\"]+");
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "-1",
          "1.5",
          "1e400",
          "9223372036854775807",
          "9223372036854775808",
          "-0",
          "1".repeat(1200),
          "\"\"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"\\n\"",
          "\"é\\u2028\"",
          "\"/\"",
          "\"..\"",
          "\"sha256:\"",
          "\":\"",
          "\"sha256:a\"",
          "{}",
          "[]",
          "[null]",
          "[[]]",
          "{\"\":{}}",
          "[".repeat(20_000),
          "{\"a\":".repeat(10_500),
          "\"" + "x".repeat(100_000) + "\"",
          "\"(\"",
          "\"(a\"",
          "\"[z-a]\"",
          "\"a{1001}\"",
          "\"$1${x}$$\"",
          "\"0999\"",
          "\"77777777777777777777777\"",
          "\"2024-05-13T09:31:10Z\"",
          "\"0000-00-00T00:00:00Z\"",
          "tru",
          "NaN",
          "'x'",
          "//",
          "#",
          "\u0000",
          "\"");
  private static final String[] BYTES = {
    "\"", "\\", "{", "}", "[", "]", ",", ":", "\n", "\0", "\u007F", "0", "-", "e", "\\u", " ",
    "\uFEFF"
  };

  private final Random random;

  Mutations(long seed) {
    random = new Random(seed);
  }

  /** Spoils a text once or a few times. */
  byte[] spoil(String json) {
    if (random.nextBoolean()) {
      String spoiled = json;
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        spoiled = spoilStructure(spoiled);
      }
      return spoiled.getBytes(StandardCharsets.UTF_8);
    }
    byte[] spoiled = json.getBytes(StandardCharsets.UTF_8);
    for (int n = 1 + random.nextInt(4); n > 0; n--) {
      spoiled = spoilBytes(spoiled);
    }
    return spoiled;
  }

  private String spoilStructure(String json) {
    List<String> tokens = new ArrayList<>();
    Matcher m = TOKEN.matcher(json);
    while (m.find()) {
      tokens.add(m.group());
    }
    if (tokens.isEmpty()) {
      return json;
    }
    int at = random.nextInt(tokens.size());
    int other = random.nextInt(tokens.size());
    String token = tokens.get(at);
    switch (random.nextInt(8)) {
      case 0 -> tokens.remove(at);
      case 1 -> tokens.add(at, tokens.get(other));
      case 2 -> tokens.set(at, tokens.set(other, token));
      case 3 -> tokens.set(at, "[" + token + "]");
      case 4 -> tokens.set(at, "{" + token + ":" + token + "}");
      case 5 -> tokens.set(at, token.toUpperCase(java.util.Locale.ROOT));
      default -> tokens.set(at, VALUES.get(random.nextInt(VALUES.size())));
    }
    return String.join(random.nextBoolean() ? " " : "", tokens);
  }

  private byte[] spoilBytes(byte[] json) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int at = random.nextInt(json.length + 1);
    int length = random.nextInt(1 + Math.min(20, json.length - at));
    out.write(json, 0, at);
    switch (random.nextInt(6)) {
      case 0 -> {
        return out.toByteArray();
      }
      case 1 -> out.write(random.nextInt(256));
      case 2 ->
          out.writeBytes(BYTES[random.nextInt(BYTES.length)].getBytes(StandardCharsets.UTF_8));
      case 3 -> {
        out.write(json, at, length);
        out.write(json, at, length);
      }
      case 4 -> {
        for (int i = 0; i < length; i++) {
          out.write(json[at + i] ^ (1 << random.nextInt(8)));
        }
      }
      default -> {
        // The piece is left out.
      }
    }
    out.write(json, at + length, json.length - at - length);
    return out.toByteArray();
  }
}
