package dev.strata.internal.deflate;

/** Estimates the size of encoded symbols in integer arithmetic. Stateless and thread-safe. */
final class Entropy {
  /** Bits are counted in 256ths. */
  private static final int FRACTION = 8;

  /** The approximate size of a block's header. */
  private static final long HEADER = 500L << FRACTION;

  /** The binary logarithms of 1 to 2, in 256ths. */
  private static final short[] LOGARITHMS = new short[257];

  static {
    // StrictMath gives the same results on every machine, unlike Math.
    for (int i = 0; i <= 256; i++) {
      LOGARITHMS[i] = (short) Math.round(256 * StrictMath.log(1 + i / 256.0) / StrictMath.log(2));
    }
  }

  private Entropy() {}

  /** Whether two ranges are smaller when each has a code of its own than with a shared one. */
  static boolean splits(SymbolCounts a, SymbolCounts b) {
    long gain =
        joined(a.literals, b.literals)
            - cost(a.literals)
            - cost(b.literals)
            + joined(a.distances, b.distances)
            - cost(a.distances)
            - cost(b.distances);
    return gain > HEADER;
  }

  private static long cost(int[] frequencies) {
    long sum = 0;
    int total = 0;
    for (int f : frequencies) {
      sum += weighted(f);
      total += f;
    }
    return weighted(total) - sum;
  }

  private static long joined(int[] a, int[] b) {
    long sum = 0;
    int total = 0;
    for (int s = 0; s < a.length; s++) {
      int f = a[s] + b[s];
      sum += weighted(f);
      total += f;
    }
    return weighted(total) - sum;
  }

  /** Returns n log2 n. */
  private static long weighted(int n) {
    if (n == 0) {
      return 0;
    }
    int exponent = 31 - Integer.numberOfLeadingZeros(n);
    int mantissa = n << 31 - exponent >>> 23 & 0xFF;
    return (long) n * ((exponent << FRACTION) + LOGARITHMS[mantissa]);
  }
}
