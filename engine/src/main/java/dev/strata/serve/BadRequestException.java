package dev.strata.serve;

import java.io.IOException;

/** A request that is not answered, since its sender may mean another one than is understood. */
final class BadRequestException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int status;

  BadRequestException(int status, String problem) {
    super(problem);
    this.status = status;
  }

  int status() {
    return status;
  }
}
