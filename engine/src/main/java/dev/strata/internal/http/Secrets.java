package dev.strata.internal.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Removes secrets from text that is shown to users: a server may repeat a header of a request in
 * its error message, or a URL. Thread-safe.
 */
public final class Secrets {
  // Shorter ones could be part of ordinary words.
  private static final int SHORTEST = 4;
  private final Set<String> hidden = ConcurrentHashMap.newKeySet();

  public void add(String secret) {
    if (secret.length() >= SHORTEST) {
      hidden.add(secret);
    }
  }

  public void add(Credentials credentials) {
    switch (credentials) {
      case Credentials.Basic basic -> {
        add(basic.password());
        addEncoded(basic.user() + ":" + basic.password());
        addEncoded(basic.password());
      }
      case Credentials.IdentityToken token -> add(token.token());
      case Credentials.RegistryToken token -> add(token.token());
      case Credentials.Anonymous _ -> {}
    }
  }

  /** Adds the base64 forms, without padding so that they are found with and without it. */
  private void addEncoded(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
    add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /**
   * Returns text from a server in a form that can be shown: one line, without secrets and control
   * characters.
   */
  public String scrub(String text) {
    String clean = withoutSecrets(text).replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+", " ").strip();
    return clean.length() > 400 ? clean.substring(0, 400) + "…" : clean;
  }

  private String withoutSecrets(String text) {
    String clean = text;
    List<String> longestFirst = new ArrayList<>(hidden);
    longestFirst.sort((a, b) -> Integer.compare(b.length(), a.length()));
    for (String secret : longestFirst) {
      clean = EncodedText.replace(clean, secret, "***");
    }
    return clean;
  }

  /** Returns an exception without the secrets of another one and its causes, for stack traces. */
  public IOException scrub(IOException e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      String shown = t.toString();
      if (!withoutSecrets(shown).equals(shown)) {
        IOException clean = new IOException(withoutSecrets(shown));
        clean.setStackTrace(e.getStackTrace());
        return clean;
      }
    }
    return e;
  }
}
