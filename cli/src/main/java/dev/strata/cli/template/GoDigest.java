package dev.strata.cli.template;

/**
 * A digest, which Go prints as a string but which has methods. Immutable.
 *
 * @param value the algorithm, a colon and the digits
 */
public record GoDigest(String value) {
  @Override
  public String toString() {
    return value;
  }
}
