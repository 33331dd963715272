package dev.strata.internal.auth;

import dev.strata.internal.http.Credentials;
import dev.strata.internal.json.JsonInput;
import dev.strata.io.InvalidInputException;
import dev.strata.io.MissingDependencyException;
import dev.strata.io.StrataException;
import dev.strata.io.UnauthorizedException;
import dev.strata.oci.Reference;
import dev.strata.transport.Cancellation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs a {@code docker-credential-NAME} program (the protocol of docker-credential-helpers: the
 * server's name on standard input, JSON on standard output). The program's output is never shown,
 * as it may contain the secret. Thread-safe.
 */
final class CredentialHelper {
  private static final String NOT_FOUND = "credentials not found";
  private static final String TOKEN_USER = "<token>";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MAX_OUTPUT = 1 << 20;
  private static final long STOP_MILLIS = 100;

  private final String program;
  private final String file;
  private final Map<String, String> environment;
  private final Cancellation cancellation;
  private final Duration patience;

  /**
   * Creates a helper. Does not run it.
   *
   * @param name the program's name after {@code docker-credential-}
   * @param file the quoted name of the auth file that names it
   */
  CredentialHelper(
      String name, String file, Map<String, String> environment, Cancellation cancellation) {
    this(name, file, environment, cancellation, PATIENCE);
  }

  CredentialHelper(
      String name,
      String file,
      Map<String, String> environment,
      Cancellation cancellation,
      Duration patience) {
    if (!name.matches("[A-Za-z0-9._-]+")) {
      throw new InvalidInputException(
          "invalid name of a credential helper in the auth file "
              + file
              + "; use letters, digits, '.', '_' and '-'");
    }
    this.program = "docker-credential-" + name;
    this.file = file;
    this.environment = environment;
    this.cancellation = cancellation;
    this.patience = patience;
  }

  /** Returns the name of the program. */
  String name() {
    return program;
  }

  /** Returns the credentials for a server; anonymous ones if the helper has none. */
  Credentials get(Reference reference, String server) {
    Process process;
    try {
      ProcessBuilder builder = new ProcessBuilder(find(), "get");
      builder.environment().clear();
      builder.environment().putAll(environment);
      builder.redirectError(ProcessBuilder.Redirect.DISCARD);
      process = builder.start();
    } catch (IOException e) {
      throw new MissingDependencyException(
          "cannot run the credential helper "
              + program
              + " for "
              + server
              + "; install it or remove it from the auth file "
              + file,
          e);
    }
    try {
      send(process, server);
      byte[] output = output(process);
      if (process.isAlive()) {
        throw failure(reference, "no answer within " + patience.toSeconds() + " s");
      }
      return answer(reference, process.exitValue(), output);
    } finally {
      if (process.isAlive()) {
        end(process);
      }
    }
  }

  /** Ends a process with its children. It is stopped first, so that it starts no more of them. */
  private static void end(Process process) {
    boolean interrupted = Thread.interrupted();
    try {
      new ProcessBuilder("sh", "-c", "kill -STOP \"$1\"", "sh", String.valueOf(process.pid()))
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor(STOP_MILLIS, TimeUnit.MILLISECONDS);
    } catch (IOException _) {
      // Without a shell, a child that it starts just now is left.
    } catch (InterruptedException _) {
      interrupted = true;
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void send(Process process, String server) {
    try (OutputStream in = process.getOutputStream()) {
      in.write((server + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException _) {
      // It ended without reading its input; its exit code matters.
    }
  }

  /**
   * Reads the output until the program ends or time is up. Reads only what is there, since a
   * blocked read of a pipe cannot be interrupted.
   */
  private byte[] output(Process process) {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    InputStream in = process.getInputStream();
    cancellation.await(
        patience.toNanos(),
        nanos -> {
          boolean ended = process.waitFor(nanos, TimeUnit.NANOSECONDS);
          try {
            while (in.available() > 0 && output.size() < MAX_OUTPUT) {
              output.write(in.readNBytes(in.available()));
            }
          } catch (IOException _) {
            // The exit code or the answer's form tells.
          }
          return ended ? process : null;
        });
    return output.toByteArray();
  }

  // Java looks for a program on its own PATH, not on that of the given environment.
  private String find() {
    for (String directory : environment.getOrDefault("PATH", "").split(":", -1)) {
      java.io.File file = new java.io.File(directory, program);
      if (!directory.isEmpty() && file.canExecute()) {
        return file.getPath();
      }
    }
    return program;
  }

  private Credentials answer(Reference reference, int exit, byte[] output) {
    if (exit != 0) {
      if (new String(output, StandardCharsets.UTF_8).contains(NOT_FOUND)) {
        return Credentials.ANONYMOUS;
      }
      throw failure(reference, "exit code " + exit);
    }
    class Fields {
      String user = "";
      String secret = "";
    }
    Fields f = new Fields();
    try {
      JsonInput.parse(
          program,
          output,
          in -> {
            in.object(
                "credentials",
                (key, value) -> {
                  switch (key) {
                    case "username" -> f.user = value.string("");
                    case "secret" -> f.secret = value.string("");
                    default -> value.skip();
                  }
                });
            return f;
          });
    } catch (StrataException _) {
      // Without the cause, which quotes from the answer.
      throw failure(reference, "invalid JSON");
    }
    if (f.user.isEmpty() && f.secret.isEmpty()) {
      return Credentials.ANONYMOUS;
    }
    return f.user.equals(TOKEN_USER)
        ? new Credentials.IdentityToken(f.secret)
        : new Credentials.Basic(f.user, f.secret);
  }

  private StrataException failure(Reference reference, String problem) {
    return new UnauthorizedException(
        "cannot get credentials for "
            + reference
            + " from "
            + program
            + ", the credential helper of "
            + file
            + ": "
            + problem
            + "; log in again",
        reference.toString(),
        null);
  }
}
