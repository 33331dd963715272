package dev.strata.internal.auth;

import dev.strata.internal.http.Credentials;
import dev.strata.internal.json.JsonInput;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Asks a {@code docker-credential-NAME} program (the protocol of docker-credential-helpers: the
 * server's name on standard input, JSON on standard output). What the program prints is never
 * shown: it may hold the secret. Thread-safe.
 */
final class CredentialHelper {
  private static final String NOT_FOUND = "credentials not found";
  private static final String TOKEN_USER = "<token>";
  private static final long SECONDS = 60;

  private final String program;
  private final Map<String, String> environment;

  CredentialHelper(String name, Map<String, String> environment) {
    if (!name.matches("[A-Za-z0-9._-]+")) {
      throw new StrataException(
          "the auth file names a credential helper that is no plain name: correct it");
    }
    this.program = "docker-credential-" + name;
    this.environment = environment;
  }

  /** The credentials for a server; anonymous if the helper knows none. */
  Credentials get(String server) {
    try {
      ProcessBuilder builder = new ProcessBuilder(find(), "get");
      builder.environment().clear();
      builder.environment().putAll(environment);
      builder.redirectError(ProcessBuilder.Redirect.DISCARD);
      Process process = builder.start();
      try (OutputStream in = process.getOutputStream()) {
        in.write((server + "\n").getBytes(StandardCharsets.UTF_8));
      } catch (IOException _) {
        // It ended without reading its input; its exit code tells the rest.
      }
      CompletableFuture<byte[]> output =
          CompletableFuture.supplyAsync(() -> readAll(process.getInputStream()));
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw failure(server, "gave no answer in " + SECONDS + " s");
      }
      return answer(server, process.exitValue(), output.join());
    } catch (IOException e) {
      throw new StrataException(
          "cannot run the credential helper "
              + program
              + " for "
              + server
              + ": install it, or take it out of the auth file",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new java.util.concurrent.CancellationException("interrupted");
    }
  }

  // Java looks a program up on its own PATH, not on that of the environment it is given.
  private String find() {
    for (String directory : environment.getOrDefault("PATH", "").split(":", -1)) {
      java.io.File file = new java.io.File(directory, program);
      if (!directory.isEmpty() && file.canExecute()) {
        return file.getPath();
      }
    }
    return program;
  }

  private Credentials answer(String server, int exit, byte[] output) {
    if (exit != 0) {
      if (new String(output, StandardCharsets.UTF_8).contains(NOT_FOUND)) {
        return Credentials.ANONYMOUS;
      }
      throw failure(server, "ended with exit code " + exit);
    }
    String[] found = {"", ""};
    try {
      JsonInput.parse(
          program,
          output,
          in -> {
            in.object(
                "credentials",
                (key, value) -> {
                  switch (key) {
                    case "username" -> found[0] = value.string("");
                    case "secret" -> found[1] = value.string("");
                    default -> value.skip();
                  }
                });
            return found;
          });
    } catch (StrataException _) {
      // Without its cause, which quotes from the answer.
      throw failure(server, "gave an answer that is no JSON of the agreed form");
    }
    return found[0].equals(TOKEN_USER)
        ? new Credentials.IdentityToken(found[1])
        : new Credentials.Basic(found[0], found[1]);
  }

  private static byte[] readAll(InputStream in) {
    try (in) {
      return in.readNBytes(1 << 20);
    } catch (IOException _) {
      return new byte[0];
    }
  }

  private StrataException failure(String server, String problem) {
    return new StrataException(
        "the credential helper "
            + program
            + " "
            + problem
            + " when asked for "
            + server
            + ": log in again, or give the credentials as an option");
  }
}
