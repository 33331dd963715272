package dev.strata.cli.command;

/**
 * Parses the value of an argument.
 *
 * @param <T> the type of the value
 */
@FunctionalInterface
public interface ValueReader<T> {
  /**
   * Parses a value.
   *
   * @throws UsageException if the text is invalid; the message does not name the argument
   * @throws dev.strata.io.InvalidInputException if the engine finds it invalid
   */
  T read(String text);
}
