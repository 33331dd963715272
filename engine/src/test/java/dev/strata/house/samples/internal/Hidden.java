package dev.strata.house.samples.internal;

/** A type that users do not see. */
public class Hidden extends Exception {
  private static final long serialVersionUID = 1L;
}
