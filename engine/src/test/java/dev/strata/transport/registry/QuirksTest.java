package dev.strata.transport.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blob;
import dev.strata.blob.Blobs;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.MediaTypes;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.io.StrataException;
import dev.strata.oci.Manifest;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.Transfer;
import dev.strata.transport.registry.QuirkyRegistry.Quirk;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Copies to and from registries with odd habits. The image must arrive, or one clear line says why
 * it does not; whatever happens, a manifest that is stored has all its blobs, what is read has the
 * right bytes, and no credentials reach another host.
 */
final class QuirksTest {
  private static final int COMBINATIONS = 300;
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** A copy there and back. */
  private static final class Trip {
    final Set<Quirk> quirks;
    final Random random;
    final byte[] plain;
    final byte[] packed;
    final List<String> problems = new ArrayList<>();
    boolean pushed;
    boolean pulled;

    Trip(Set<Quirk> quirks, long seed) {
      this.quirks = quirks;
      this.random = new Random(seed);
      this.plain = Samples.bytes(seed, 1 + random.nextInt(random.nextBoolean() ? 30_000 : 200_000));
      this.packed = Samples.bytes(seed + 1, 1 + random.nextInt(30_000));
    }

    ImageBlobs image() {
      Samples.Late late = new Samples.Late(packed);
      return Samples.image(new Samples.Counted(plain), new BytesBlob(MediaTypes.LAYER, packed))
          .withLayers(layer -> layer instanceof Samples.Counted ? layer : late);
    }

    void run(long chunk, boolean mounts) throws IOException {
      try (QuirkyRegistry registry = new QuirkyRegistry(quirks)) {
        RegistryOptions options =
            RegistryOptions.of(Map.of())
                .withCredentials(QuirkyRegistry.PASSWORD)
                .withFirstWait(Duration.ofMillis(1))
                .withStallTimeout(Duration.ofSeconds(5))
                .withRetries(6)
                .withChunkSize(chunk);
        ImageBlobs image = image();
        if (mounts) {
          Blob layer = image.layers().getFirst();
          registry.blobs.put("base/os/" + layer.descriptor().digest(), plain);
        }
        pushed =
            attempt(() ->
                RegistryDestination.of(
                        Samples.reference(registry.host()),
                        mounts ? options.withMountFrom(List.of("base/os")) : options)
                    .write(image, Transfer.quiet(2)));
        byte[] stored = registry.manifests.get("team/app/1");
        if (pushed || stored != null) {
          assertArrayEquals(Manifest.bytes(image.manifest()), stored);
          for (Blob blob : blobs(image)) {
            String name = "team/app/" + blob.descriptor().digest();
            assertArrayEquals(Blobs.readSmall(blob, 1 << 20), registry.blobs.get(name), name);
          }
        }
        for (Blob blob : blobs(image)) {
          registry.blobs.put(
              "team/app/" + blob.descriptor().digest(), Blobs.readSmall(blob, 1 << 20));
        }
        registry.manifests.put("team/app/1", Manifest.bytes(image.manifest()));
        pulled = attempt(() -> pull(registry, options, image));
        assertEquals(List.of(), registry.leaked, "credentials on another host");
        assertTrue(registry.openUploads() == 0 || !pushed, "open uploads after success");
      }
    }

    private static List<Blob> blobs(ImageBlobs image) {
      List<Blob> all = new ArrayList<>(image.layers());
      all.add(image.config());
      return all;
    }

    private static void pull(QuirkyRegistry registry, RegistryOptions options, ImageBlobs image) {
      try (RegistrySource source =
          RegistrySource.of(
              Samples.reference(registry.host()), options, new Transfer.Listener() {})) {
        CopySource read = source.open(PlatformChoice.all());
        assertTrue(read instanceof CopySource.Single);
        if (read instanceof CopySource.Single single) {
          assertArrayEquals(
              Manifest.bytes(image.manifest()), Manifest.bytes(single.image().manifest()));
          List<Blob> wanted = blobs(image);
          List<Blob> got = blobs(single.image());
          for (int i = 0; i < wanted.size(); i++) {
            assertArrayEquals(
                Blobs.readSmall(wanted.get(i), 1 << 20), Blobs.readSmall(got.get(i), 1 << 20));
          }
        }
      }
    }

    private boolean attempt(Runnable copy) {
      try {
        copy.run();
        return true;
      } catch (StrataException e) {
        String message = String.valueOf(e.getMessage());
        assertEquals(1, message.lines().count(), message);
        problems.add(message);
        return false;
      }
    }
  }

  private static Trip trip(Set<Quirk> quirks, long seed, long chunk, boolean mounts) {
    Trip trip = new Trip(quirks, seed);
    assertTimeoutPreemptively(
        LIMIT, () -> trip.run(chunk, mounts), () -> quirks + " with seed " + seed);
    return trip;
  }

  @ParameterizedTest
  @EnumSource
  void copesWithEachHabit(Quirk quirk) {
    for (long chunk : new long[] {0, 7_000}) {
      Trip trip = trip(EnumSet.of(quirk), 1, chunk, true);
      boolean both = trip.pushed && trip.pulled;
      assertEquals(!quirk.fatal, both, "chunks of " + chunk + ": " + trip.problems);
    }
  }

  @Test
  void neverCopiesAWrongImageWhateverTheHabits() {
    int arrived = 0;
    for (int seed = 0; seed < COMBINATIONS; seed++) {
      Random random = new Random(seed);
      Set<Quirk> quirks = EnumSet.noneOf(Quirk.class);
      List<Quirk> all = Arrays.stream(Quirk.values()).filter(q -> !q.fatal).toList();
      for (int n = 2 + random.nextInt(5); n > 0; n--) {
        quirks.add(all.get(random.nextInt(all.size())));
      }
      if (random.nextInt(10) == 0) {
        quirks.add(Quirk.values()[random.nextInt(Quirk.values().length)]);
      }
      long chunk = random.nextBoolean() ? 0 : 1_000 + random.nextInt(10_000);
      Trip trip = trip(quirks, seed, chunk, random.nextBoolean());
      arrived += trip.pushed ? 1 : 0;
      arrived += trip.pulled ? 1 : 0;
    }
    System.out.println(arrived + " of " + 2 * COMBINATIONS + " copies with odd registries arrived");
    assertTrue(arrived > COMBINATIONS, "only " + arrived + " arrived");
  }
}
