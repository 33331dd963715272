package dev.strata.testing;

import dev.strata.blob.Digest;
import dev.strata.blob.Progress;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBlobs;
import dev.strata.layer.LayerBuilder;
import dev.strata.layering.LayerPath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Tar streams of layers, in whole or in part, through the public API. */
public final class Streams {
  private static final Digest NO_DIGEST = Digest.parse("sha256:" + "0".repeat(64));

  private Streams() {}

  /** Builds one layer of some paths. */
  public static Layer layer(LayerPath... paths) {
    return LayerBuilder.create().withJobs(2).build(List.of(List.of(paths))).getFirst();
  }

  /** Builds a layer, streams it again and checks its digest. */
  public static byte[] tar(LayerPath... paths) {
    return bytes(layer(paths));
  }

  /** Streams a finished layer and checks its digest. */
  public static byte[] bytes(Layer layer) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      LayerBlobs.of(layer, 2).writeTo(Channels.newChannel(out));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Returns the length of a layer's stream in bytes, without reading files. */
  public static long size(LayerPath... paths) {
    class Planned implements Progress {
      private volatile long bytes = -1;

      @Override
      public void planned(int layers, long entries, long streamBytes) {
        bytes = streamBytes;
      }

      @Override
      public boolean cancelled() {
        return bytes >= 0;
      }
    }
    Planned planned = new Planned();
    try {
      LayerBuilder.create().withJobs(1).withProgress(planned).build(List.of(List.of(paths)));
      throw new AssertionError("the build completed although it was cancelled");
    } catch (CancellationException _) {
      return planned.bytes;
    }
  }

  /** Reads a part of a layer's stream. */
  public static byte[] piece(long from, int count, LayerPath... paths) {
    Layer layer =
        Layer.builder().digest(NO_DIGEST).size(from + count).paths(List.of(paths)).build();
    Piece piece = new Piece(from, count);
    try {
      LayerBlobs.of(layer, 1).writeTo(piece);
      throw new AssertionError("the stream ends before " + (from + count));
    } catch (Enough _) {
      return piece.bytes.array();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops a stream after the requested part. */
  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static final class Piece implements WritableByteChannel {
    private final long from;
    private final ByteBuffer bytes;
    private long position;

    Piece(long from, int count) {
      this.from = from;
      this.bytes = ByteBuffer.allocate(count);
    }

    @Override
    public int write(ByteBuffer source) {
      int n = source.remaining();
      for (; source.hasRemaining(); position++) {
        byte b = source.get();
        if (position >= from && bytes.hasRemaining()) {
          bytes.put(b);
        }
      }
      if (!bytes.hasRemaining()) {
        throw new Enough();
      }
      return n;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
