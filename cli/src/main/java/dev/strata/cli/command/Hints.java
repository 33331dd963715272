package dev.strata.cli.command;

import dev.strata.io.ConflictException;
import dev.strata.io.TlsException;
import dev.strata.io.UnauthorizedException;
import dev.strata.io.UnreachableException;
import dev.strata.oci.NoSuchPlatformException;
import dev.strata.transport.registry.RegistryException;
import java.net.BindException;
import org.jspecify.annotations.Nullable;

/**
 * The options and variables of the command line that can help with an error of the engine, whose
 * messages do not mention them.
 */
public final class Hints {
  private static final int CONTENT_TOO_LARGE = 413;

  private Hints() {}

  /**
   * Adds a hint to the message of an error, and the advice of the command.
   *
   * @param command the command that failed
   * @return the message, followed by a hint in parentheses if there is one
   */
  public static String message(Throwable error, Command command) {
    String advice = command.advice();
    return messageWithoutAdvice(error, command) + (advice.isEmpty() ? "" : "; " + advice);
  }

  /**
   * Adds a hint to the message of one of several errors of a command.
   *
   * @param command the command, which goes on
   * @return the message, followed by a hint in parentheses if there is one
   */
  public static String messageWithoutAdvice(Throwable error, Command command) {
    String hint = hint(error, command);
    return error.getMessage() + (hint.isEmpty() ? "" : " (" + hint + ")");
  }

  private static String hint(Throwable error, Command command) {
    if (error.getCause() instanceof OutOfMemoryError) {
      return "STRATA_JAVA_OPTS=-Xmx1g";
    }
    if (Shortage.OPEN_FILES.isCauseOf(error)) {
      return "raise the limit with ulimit -n";
    }
    if (error.getCause() instanceof BindException) {
      return "--port";
    }
    if (error instanceof UnauthorizedException e) {
      return e.place() == null ? "" : "or use " + side(e.place(), command) + "creds";
    }
    if (error instanceof TlsException e) {
      if (e.place() == null) {
        // No option helps.
        return "";
      }
      String side = side(e.place(), command);
      String insecure = side + "tls-verify=false";
      return e.isUntrusted() ? "or use " + side + "cert-dir or " + insecure : "or use " + insecure;
    }
    if (error instanceof UnreachableException e) {
      return e.attempts() > 0 && command.accepts("--retry-times") ? "or raise --retry-times" : "";
    }
    if (error instanceof RegistryException e) {
      return e.status() == CONTENT_TOO_LARGE && e.isBlob()
          ? "or use --chunk-size with a size below its limit"
          : "";
    }
    if (error instanceof NoSuchPlatformException) {
      return command.accepts("--platform")
          ? "use --platform"
          : command.accepts("--arch") ? "use --os, --arch and --variant" : "";
    }
    if (error instanceof ConflictException) {
      return command.accepts("--name")
          ? "use --name"
          : command.accepts("--copy-to-root") ? "raise --max-layers" : "";
    }
    return "";
  }

  /** Returns the start of the options for the side of a copy that an image is on. */
  private static String side(@Nullable String place, Command command) {
    return place != null && command.writesTo(place) ? "--dest-" : "--src-";
  }
}
