package dev.strata.transport.registry;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.MediaTypes;
import dev.strata.blob.PendingBlob;
import dev.strata.image.ImageBlobs;
import dev.strata.oci.Manifest;
import dev.strata.oci.Reference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Images and options for tests. */
final class Samples {
  private Samples() {}

  /** A blob that counts how often it is read. */
  static class Counted implements Blob {
    final AtomicInteger reads = new AtomicInteger();
    private final Blob blob;

    Counted(byte[] bytes) {
      this.blob = new BytesBlob(MediaTypes.LAYER, bytes);
    }

    @Override
    public Descriptor descriptor() {
      return blob.descriptor();
    }

    @Override
    public void writeTo(WritableByteChannel target) throws IOException {
      reads.incrementAndGet();
      blob.writeTo(target);
    }
  }

  /** A layer whose digest is known when it has been read, as that of one being compressed. */
  static class Late implements PendingBlob {
    private final Blob bytes;
    private volatile boolean written;

    Late(byte[] bytes) {
      this.bytes = new BytesBlob(MediaTypes.LAYER_GZIP, bytes);
    }

    @Override
    public Optional<Descriptor> known() {
      return written ? Optional.of(bytes.descriptor()) : Optional.empty();
    }

    @Override
    public String mediaType() {
      return MediaTypes.LAYER_GZIP;
    }

    @Override
    public Descriptor descriptor() {
      return bytes.descriptor();
    }

    @Override
    public void writeTo(WritableByteChannel target) throws IOException {
      bytes.writeTo(target);
      written = true;
    }
  }

  static byte[] bytes(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static Counted layer(long seed, int size) {
    return new Counted(bytes(seed, size));
  }

  static ImageBlobs image(Blob... layers) {
    Blob config =
        new BytesBlob(
            MediaTypes.CONFIG,
            ("{\"architecture\":\"amd64\",\"layers\":" + layers.length + "}")
                .getBytes(StandardCharsets.UTF_8));
    List<Descriptor> named = new ArrayList<>();
    for (Blob layer : layers) {
      named.add(layer.descriptor());
    }
    Blob manifest =
        new Manifest(MediaTypes.MANIFEST, config.descriptor(), named, List.of(), Map.of()).toBlob();
    return ImageBlobs.of(List.of(layers), config, manifest);
  }

  /** A blob whose bytes differ from its descriptor. */
  static Blob changed(Descriptor recorded, byte[] now) {
    return new Blob() {
      @Override
      public Descriptor descriptor() {
        return recorded;
      }

      @Override
      public void writeTo(WritableByteChannel target) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(now);
        while (buffer.hasRemaining()) {
          target.write(buffer);
        }
        throw new dev.strata.io.StrataException(
            "the layer of '/nix/store/changed' now has another digest: build it again");
      }
    };
  }

  static RegistryOptions options() {
    return RegistryOptions.of(Map.of()).withFirstWait(Duration.ofMillis(2));
  }

  static Reference reference(String host) {
    return Reference.parse(host + "/team/app:1");
  }
}
