package dev.strata.cli.options;

import dev.strata.cli.command.UsageException;
import dev.strata.io.ConflictException;
import dev.strata.io.CorruptDataException;
import dev.strata.io.InvalidInputException;
import dev.strata.io.MissingDependencyException;
import dev.strata.io.NotFoundException;
import dev.strata.io.OutputException;
import dev.strata.io.SourceChangedException;
import dev.strata.io.StrataException;
import dev.strata.io.TlsException;
import dev.strata.io.UnauthorizedException;
import dev.strata.io.UnreachableException;
import dev.strata.transport.registry.RegistryException;
import java.util.concurrent.CancellationException;

/** The names of kinds of failures in events. */
final class FailureType {
  private FailureType() {}

  static String of(Throwable error) {
    return switch (error) {
      case UsageException _ -> "usage";
      case InvalidInputException _ -> "invalid-input";
      case NotFoundException _ -> "not-found";
      case ConflictException _ -> "conflict";
      case SourceChangedException _ -> "source-changed";
      case CorruptDataException _ -> "corrupt-data";
      case OutputException _ -> "output";
      case UnauthorizedException _ -> "unauthorized";
      case TlsException _ -> "tls";
      case UnreachableException _ -> "unreachable";
      case MissingDependencyException _ -> "missing-dependency";
      case RegistryException _ -> "registry";
      case StrataException _ -> "failure";
      case CancellationException _ -> "cancelled";
      case InterruptedException _ -> "cancelled";
      default -> "internal";
    };
  }
}
