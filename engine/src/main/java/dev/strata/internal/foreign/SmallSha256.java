package dev.strata.internal.foreign;

import java.util.Arrays;

/**
 * SHA-256 (FIPS 180-4) in Java, for layers of a few kilobytes: the JDK takes longer to find its
 * providers than this does to hash them.
 */
final class SmallSha256 extends Sha256 {
  /** The length of a hash. */
  static final int HASH_BYTES = 32;

  private static final int BLOCK = 64;
  private static final int LENGTH_BYTES = 8;

  /** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
  private static final int[] K = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
  };

  private final int[] state = new int[8];
  private final int[] w = new int[BLOCK];

  /** The bytes of the next block. */
  private final byte[] rest = new byte[BLOCK];

  private int restLength;
  private long total;

  SmallSha256() {
    reset();
  }

  /** The first 32 bits of the fractional parts of the square roots of the first 8 primes. */
  private void reset() {
    state[0] = 0x6a09e667;
    state[1] = 0xbb67ae85;
    state[2] = 0x3c6ef372;
    state[3] = 0xa54ff53a;
    state[4] = 0x510e527f;
    state[5] = 0x9b05688c;
    state[6] = 0x1f83d9ab;
    state[7] = 0x5be0cd19;
    restLength = 0;
    total = 0;
  }

  /** Returns the hash of the first bytes of an array. */
  static byte[] of(byte[] bytes, int length) {
    SmallSha256 hash = new SmallSha256();
    hash.total = length;
    int whole = length / BLOCK * BLOCK;
    for (int at = 0; at < whole; at += BLOCK) {
      System.arraycopy(bytes, at, hash.rest, 0, BLOCK);
      hash.block();
    }
    hash.restLength = length - whole;
    System.arraycopy(bytes, whole, hash.rest, 0, hash.restLength);
    return hash.digest();
  }

  @Override
  public void update(Slab slab, int length) {
    total += length;
    for (int done = 0; done < length; ) {
      int n = Math.min(BLOCK - restLength, length - done);
      slab.get(done, rest, restLength, n);
      restLength += n;
      done += n;
      if (restLength == BLOCK) {
        block();
        restLength = 0;
      }
    }
  }

  @Override
  public byte[] digest() {
    rest[restLength++] = (byte) 0x80;
    if (restLength > BLOCK - LENGTH_BYTES) {
      Arrays.fill(rest, restLength, BLOCK, (byte) 0);
      block();
      restLength = 0;
    }
    Arrays.fill(rest, restLength, BLOCK, (byte) 0);
    long bits = total * Byte.SIZE;
    for (int i = BLOCK - 1; i >= BLOCK - LENGTH_BYTES; i--) {
      rest[i] = (byte) bits;
      bits >>>= Byte.SIZE;
    }
    block();
    byte[] digest = new byte[HASH_BYTES];
    for (int i = 0; i < digest.length; i++) {
      digest[i] = (byte) (state[i >> 2] >>> (24 - 8 * (i & 3)));
    }
    reset();
    return digest;
  }

  // Without methods of its own for the functions of the standard: it is usually interpreted.
  private void block() {
    int[] words = w;
    for (int i = 0, at = 0; i < 16; i++, at += 4) {
      words[i] =
          rest[at] << 24
              | (rest[at + 1] & 0xff) << 16
              | (rest[at + 2] & 0xff) << 8
              | rest[at + 3] & 0xff;
    }
    for (int i = 16; i < BLOCK; i++) {
      int x = words[i - 15];
      int y = words[i - 2];
      int s0 = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3;
      int s1 = (y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10;
      words[i] = words[i - 16] + s0 + words[i - 7] + s1;
    }
    int[] constants = K;
    int a = state[0];
    int b = state[1];
    int c = state[2];
    int d = state[3];
    int e = state[4];
    int f = state[5];
    int g = state[6];
    int h = state[7];
    for (int i = 0; i < BLOCK; i++) {
      int s1 = (e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7);
      int t1 = h + s1 + (g ^ e & (f ^ g)) + constants[i] + words[i];
      int s0 = (a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10);
      int t2 = s0 + (a & b | c & (a | b));
      h = g;
      g = f;
      f = e;
      e = d + t1;
      d = c;
      c = b;
      b = a;
      a = t1 + t2;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }

  @Override
  public void close() {}
}
