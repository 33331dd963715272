package dev.strata.transport.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Issues tokens that docker-registry accepts (its documentation, "Token Authentication
 * Implementation") to one user, for the requested scopes.
 */
final class TokenServer implements AutoCloseable {
  static final String SERVICE = "the registry";
  static final String ISSUER = "the token server";

  final AtomicInteger tokens = new AtomicInteger();
  private final HttpServer server;
  private final String authorization;
  private final PrivateKey key;
  private final String certificate;

  TokenServer(Path keyFile, Path certificateFile, String userAndPassword) {
    try {
      key =
          KeyFactory.getInstance("RSA")
              .generatePrivate(new PKCS8EncodedKeySpec(decode(Files.readString(keyFile))));
      certificate = Base64.getEncoder().encodeToString(decode(Files.readString(certificateFile)));
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    authorization =
        "Basic "
            + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
    server.createContext("/token", this::answer);
    server.start();
  }

  private static byte[] decode(String pem) {
    return Base64.getMimeDecoder().decode(pem.replaceAll("-----[^-]*-----", ""));
  }

  String realm() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/token";
  }

  private void answer(HttpExchange x) throws IOException {
    try (x) {
      if (!authorization.equals(x.getRequestHeaders().getFirst("Authorization"))) {
        FakeRegistry.reply(x, 401, "{\"details\":\"wrong password\"}");
        return;
      }
      tokens.incrementAndGet();
      String scopes = FakeRegistry.query(x).getOrDefault("scope", "");
      FakeRegistry.reply(x, 200, "{\"token\":\"" + token(scopes) + "\",\"expires_in\":60}");
    }
  }

  private String token(String scopes) {
    StringBuilder access = new StringBuilder();
    for (String scope : scopes.isEmpty() ? new String[0] : scopes.split(" ")) {
      String[] parts = scope.split(":");
      access
          .append(access.isEmpty() ? "" : ",")
          .append("{\"type\":\"")
          .append(parts[0])
          .append("\",\"name\":\"")
          .append(parts[1])
          .append("\",\"actions\":[\"")
          .append(parts[2].replace(",", "\",\""))
          .append("\"]}");
    }
    long now = Instant.now().getEpochSecond();
    String header = "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"x5c\":[\"" + certificate + "\"]}";
    String claims =
        "{\"iss\":\"%s\",\"sub\":\"me\",\"aud\":\"%s\",\"exp\":%d,\"nbf\":%d,\"iat\":%d,\"jti\":\"%d\",\"access\":[%s]}"
            .formatted(ISSUER, SERVICE, now + 60, now - 10, now, tokens.get(), access);
    String signed =
        encode(header.getBytes(StandardCharsets.UTF_8))
            + "."
            + encode(claims.getBytes(StandardCharsets.UTF_8));
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + encode(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
