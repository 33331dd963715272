package dev.strata.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * An option or a parameter, and its value once the arguments have been read.
 *
 * @param <T> the type of the value
 */
final class Argument<T> {
  private final ArgSpec spec;

  Argument(ArgSpec spec) {
    this.spec = spec;
  }

  /** An argument that no user can give. */
  static Argument<Boolean> absent() {
    return new Argument<>(OptionSpec.builder("--absent").type(Boolean.class).arity("0").build());
  }

  /** The value, or null if the user gave none. */
  @Nullable T get() {
    return spec.getValue();
  }

  /** The value, or another one if the user gave none. */
  T orElse(T absent) {
    T value = spec.getValue();
    return value == null ? absent : value;
  }

  /** The value of a parameter that picocli insists on. */
  T required() {
    T value = spec.getValue();
    if (value == null) {
      throw new UsageException(spec.paramLabel() + " is missing");
    }
    return value;
  }

  /** Whether a flag was given. */
  boolean isSet() {
    return Boolean.TRUE.equals(spec.getValue());
  }
}
