package dev.strata.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SecretsTest {
  private static final String PASSWORD = "p@ss w%rd/+ü\"\\~*";

  private static Secrets secrets() {
    Secrets secrets = new Secrets();
    secrets.add(new Credentials.Basic("user", PASSWORD));
    return secrets;
  }

  @Test
  void hidesPasswordsInEveryEncoding() {
    String form = URLEncoder.encode(PASSWORD, StandardCharsets.UTF_8);
    String url = form.replace("+", "%20");
    byte[] bytes = PASSWORD.getBytes(StandardCharsets.UTF_8);
    byte[] pair = ("user:" + PASSWORD).getBytes(StandardCharsets.UTF_8);
    for (String shown :
        List.of(
            PASSWORD,
            form,
            form.toLowerCase(java.util.Locale.ROOT),
            url,
            url.replace("%7E", "~").replace("*", "%2A"),
            URLEncoder.encode(url, StandardCharsets.UTF_8),
            PASSWORD.replace("@", "%40"),
            PASSWORD.replace("\\", "\\\\").replace("\"", "\\\""),
            PASSWORD.replace("\\", "\\\\").replace("\"", "\\\"").replace("ü", "\\u00fc"),
            Base64.getEncoder().encodeToString(bytes).replace("=", ""),
            Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
            Base64.getEncoder().encodeToString(pair).replace("=", ""),
            URLEncoder.encode(
                Base64.getEncoder().encodeToString(pair).replace("=", ""),
                StandardCharsets.UTF_8))) {
      assertEquals("a <***> b", secrets().scrub("a <" + shown + "> b"), shown);
    }
  }

  @Test
  void keepsOtherText() {
    for (String text : List.of("", "%", "a%2", "p@ss w%rd", "\\u00f", "100%25 + \\")) {
      assertEquals(text, secrets().scrub(text));
    }
  }

  @Test
  void hidesTheLongestSecretFirst() {
    Secrets secrets = new Secrets();
    secrets.add("secret");
    secrets.add("my-secret-token");
    assertEquals("*** and ***", secrets.scrub("my-secret-token and secret"));
  }

  @Test
  void hidesSecretsInStackTraces() {
    IOException e =
        new IOException("lost", new IllegalStateException("bad status line \"" + PASSWORD + "\""));
    StringWriter out = new StringWriter();
    secrets().scrub(e).printStackTrace(new PrintWriter(out));
    assertFalse(out.toString().contains(PASSWORD), out.toString());
    assertTrue(out.toString().contains("bad status line"), out.toString());
    IOException harmless = new IOException("lost", new IOException("reset"));
    assertSame(harmless, secrets().scrub(harmless));
  }
}
