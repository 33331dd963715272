package dev.strata.house.samples.first;

/** Uses no other room. */
public final class Ordinary {}
