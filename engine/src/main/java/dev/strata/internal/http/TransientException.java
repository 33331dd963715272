package dev.strata.internal.http;

import dev.strata.io.UnreachableException;
import org.jspecify.annotations.Nullable;

/**
 * A failure of one attempt; the same request may succeed later. Callers retry it and turn it into
 * another exception in the end.
 */
public final class TransientException extends UnreachableException {
  private static final long serialVersionUID = 1L;

  /** The server's Retry-After header; may be empty. */
  private final String retryAfter;

  /** Whether the server sent or stored wrong bytes. */
  private final boolean corrupt;

  /** A failure of the network. */
  TransientException(String problem, @Nullable Throwable cause) {
    super(problem, cause);
    this.retryAfter = "";
    this.corrupt = false;
  }

  private TransientException(String problem, String retryAfter, boolean corrupt) {
    super(problem);
    this.retryAfter = retryAfter;
    this.corrupt = corrupt;
  }

  /** A server error. */
  public static TransientException of(String problem, String retryAfter) {
    return new TransientException(problem, retryAfter, false);
  }

  /** An answer that does not match the request. */
  public static TransientException of(String problem) {
    return new TransientException(problem, "", false);
  }

  /** Bytes whose digest is wrong. */
  public static TransientException corrupt(String problem) {
    return new TransientException(problem, "", true);
  }

  public String retryAfter() {
    return retryAfter;
  }

  public boolean isCorrupt() {
    return corrupt;
  }

  public String problem() {
    return String.valueOf(getMessage());
  }
}
