package dev.strata.bench.cores;

/** A rule by which workers choose what to do next, and which can be left out of a simulation. */
enum Rule {
  /** A layer is hashed as soon as it is laid out and a worker has nothing left to scan. */
  HASH_EARLY,
  /**
   * A layer that would end last is helped before another one is begun; and workers without a layer
   * help any that has room for a slab, not only the largest.
   */
  HELP_LAST,
  /** Workers with nothing to do look for work less and less often. */
  LONG_PAUSES,
  /** The number of slabs that are filled ahead is limited for all layers together. */
  BOUND_SLABS
}
