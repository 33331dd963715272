package dev.strata.internal.foreign;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/** A channel that can keep a slab until its bytes have been sent, instead of copying them. */
public interface SlabChannel extends WritableByteChannel {
  /**
   * Writes the first bytes of a slab.
   *
   * @param slab contains the bytes at its start
   * @param length their number
   * @return whether the channel keeps the slab: it has called {@link Slab#keep}, and will call
   *     {@link Slab#release}
   * @throws IOException if the bytes cannot be written
   */
  boolean write(Slab slab, int length) throws IOException;
}
