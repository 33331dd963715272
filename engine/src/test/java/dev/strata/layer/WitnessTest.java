package dev.strata.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blobs;
import dev.strata.blob.Digest;
import dev.strata.io.CorruptDataException;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.io.StrataException;
import dev.strata.layering.LayerPath;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WitnessTest {
  @TempDir private Path folder = Path.of("");
  private List<List<LayerPath>> plan = List.of();

  @BeforeEach
  void write() throws IOException {
    Random random = new Random(1);
    for (String path : List.of("a", "b", "c")) {
      Path directory = Files.createDirectories(folder.resolve(path + "/dir"));
      for (int i = 0; i < 40; i++) {
        // Larger than what is hashed at once, and as large as a block of tar.
        byte[] content = new byte[i == 0 ? 700_000 : i == 1 ? 512 : i == 2 ? 0 : i * 13];
        random.nextBytes(content);
        Files.write(directory.resolve("f" + i), content);
      }
      Files.createSymbolicLink(directory.resolve("link"), Path.of("f1"));
      Files.writeString(directory.resolve("x".repeat(200)), "a long name");
    }
    plan =
        List.of(List.of(path("a"), path("b")), List.of(path("c")), List.of(path("b"), path("a")));
  }

  private LayerPath path(String name) {
    return new LayerPath(folder.resolve(name).toString(), null);
  }

  private List<Layer> build(Path file, int jobs) {
    try (WitnessWriter witness = WitnessWriter.create(file)) {
      List<Layer> layers = LayerBuilder.create().withJobs(jobs).withWitness(witness).build(plan);
      assertFalse(Files.exists(file));
      witness.commit();
      return layers;
    }
  }

  @Test
  void recordsWhatIsInTheTarStream() throws IOException {
    Path file = folder.resolve("witness");
    for (Layer layer : build(file, 2)) {
      assertEquals(file.toAbsolutePath().toString(), layer.witness().orElseThrow());
      ByteArrayOutputStream tar = new ByteArrayOutputStream();
      LayerBlobs.of(layer, 1).writeTo(Channels.newChannel(tar));
      List<String> expected = new ArrayList<>();
      try (TarArchiveInputStream in =
          new TarArchiveInputStream(new ByteArrayInputStream(tar.toByteArray()))) {
        for (TarArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
          CRC32C sum = new CRC32C();
          sum.update(in.readAllBytes());
          expected.add(
              String.join(
                  " ",
                  e.getName().replaceAll("^([^/])", "/$1").replaceAll("(.)/$", "$1"),
                  String.valueOf((char) e.getLinkFlag()),
                  Integer.toOctalString(e.getMode()),
                  Long.toString(e.getSize()),
                  e.isFile() && !e.isSymbolicLink() ? Long.toString(sum.getValue()) : "0",
                  e.getLinkName()));
        }
      }
      assertEquals(expected, entries(Witness.read(file, layer.diffId())));
    }
  }

  private static List<String> entries(Witness witness) {
    List<String> entries = new ArrayList<>();
    while (witness.next()) {
      entries.add(
          String.join(
              " ",
              FileNames.decode(witness.path(), 0, witness.pathLength()),
              String.valueOf(witness.type()),
              Integer.toOctalString(witness.mode()),
              Long.toString(witness.size()),
              Long.toString(witness.checksum() & 0xFFFF_FFFFL),
              FileNames.decode(witness.link())));
    }
    return entries;
  }

  @Test
  void isTheSameForAnyNumberOfWorkersAndDoesNotChangeTheLayers() throws IOException {
    List<Layer> one = build(folder.resolve("one"), 1);
    byte[] expected = Files.readAllBytes(folder.resolve("one"));
    for (int jobs : new int[] {2, 3, 7}) {
      Path file = folder.resolve("witness" + jobs);
      assertEquals(
          one.stream().map(Layer::digest).toList(),
          build(file, jobs).stream().map(Layer::digest).toList());
      assertArrayEquals(expected, Files.readAllBytes(file));
    }
    assertEquals(
        one.stream().map(Layer::digest).toList(),
        LayerBuilder.create().build(plan).stream().map(Layer::digest).toList());
    // The first and the third layer are the same, so that one section will do.
    assertTrue(new String(expected, StandardCharsets.ISO_8859_1).endsWith("end 2\n"));
  }

  @Test
  void anUncommittedWitnessIsNotLeftBehind() throws IOException {
    Path file = folder.resolve("out/witness");
    Files.createDirectories(file.getParent());
    try (WitnessWriter witness = WitnessWriter.create(file)) {
      LayerBuilder.create().withWitness(witness).build(plan);
    }
    try (var left = Files.list(file.getParent())) {
      assertEquals(0, left.count());
    }
  }

  @Test
  void reportsEveryDamage() throws IOException {
    Path file = folder.resolve("witness");
    plan = List.of(List.of(path("c")));
    Digest layer = build(file, 1).getFirst().diffId();
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i += i < 200 ? 1 : 37) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 4;
      Files.write(file, damaged);
      boolean afterLayer = i >= whole.length - "end 1\n".length();
      if (!afterLayer) {
        assertThrows(StrataException.class, () -> entries(Witness.read(file, layer)), "at " + i);
      }
      Files.write(file, Arrays.copyOf(whole, i));
      if (!afterLayer) {
        assertThrows(StrataException.class, () -> entries(Witness.read(file, layer)), "at " + i);
      }
    }
    Files.write(file, whole);
    Digest other = Digest.of(new byte[0]);
    assertThrows(NotFoundException.class, () -> Witness.read(file, other));
    Files.write(file, Arrays.copyOf(whole, whole.length - 6));
    assertThrows(CorruptDataException.class, () -> Witness.read(file, other));
    Files.writeString(file, "{}\n");
    assertThrows(InvalidInputException.class, () -> Witness.read(file, layer));
    assertThrows(NotFoundException.class, () -> Witness.read(folder.resolve("none"), layer));
  }

  @Test
  void aChangedLayerSaysWhichLayerItIs() throws IOException {
    plan = List.of(List.of(path("c")));
    Layer layer = build(folder.resolve("witness"), 1).getFirst();
    Files.writeString(folder.resolve("c/dir/f1"), "other");

    LayerChangedException e =
        assertThrows(LayerChangedException.class, () -> Blobs.discard(LayerBlobs.of(layer, 1)));
    assertEquals(layer, e.layer());
  }
}
