package dev.strata.internal.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Removes secrets from text that is shown to users: a server may repeat a header of a request in
 * its error message. Thread-safe.
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
        add(basic.encoded());
        add(Base64.getEncoder().encodeToString(basic.password().getBytes(StandardCharsets.UTF_8)));
      }
      case Credentials.IdentityToken token -> add(token.token());
      case Credentials.RegistryToken token -> add(token.token());
      case Credentials.Anonymous _ -> {}
    }
  }

  /**
   * Returns text from a server in a form that can be shown: one line, without secrets and control
   * characters.
   */
  public String scrub(String text) {
    String clean = text;
    for (String secret : hidden) {
      clean = clean.replace(secret, "***");
    }
    clean = clean.replaceAll("\\p{Cntrl}+", " ").strip();
    return clean.length() > 400 ? clean.substring(0, 400) + "…" : clean;
  }
}
