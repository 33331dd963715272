package dev.strata.internal.http;

import dev.strata.io.StrataException;
import org.jspecify.annotations.Nullable;

/** A failure that may pass: the same request may succeed later. */
public final class TransientException extends StrataException {
  private static final long serialVersionUID = 1L;

  /** What the server said of when to come back; may be empty. */
  private final String retryAfter;

  public TransientException(String message, @Nullable Throwable cause) {
    super(message, cause);
    this.retryAfter = "";
  }

  public TransientException(String message, String retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  public String retryAfter() {
    return retryAfter;
  }

  public String problem() {
    return String.valueOf(getMessage());
  }
}
