package dev.strata.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.image.JsonFiles;
import dev.strata.layering.LayerPath;
import dev.strata.layering.PathOptions;
import dev.strata.layering.Perm;
import dev.strata.layering.Rewrite;
import dev.strata.testing.Failures;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The parts of permission rules that the reference does not have, and ensured directories. */
final class PermissionRulesTest {
  @TempDir private Path temporary;
  private Path source;

  @BeforeEach
  void createFiles() throws IOException {
    source = Files.createDirectories(temporary.resolve("source"));
    Files.createDirectories(source.resolve("etc"));
    file("read", "r--r--r--");
    file("run", "r-xr-xr-x");
  }

  private void file(String name, String mode) throws IOException {
    Path file = Files.writeString(source.resolve(name), name);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private LayerPath withRules(Perm... rules) {
    return new LayerPath(
        source.toString(), new PathOptions(Rewrite.moving(source.toString(), "/"), List.of(rules)));
  }

  /** Mode, owner and time of each entry, by name. */
  private static TreeMap<String, String> entries(Layer layer) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    LayerBlobs.of(layer, 1).writeTo(Channels.newChannel(bytes));
    TreeMap<String, String> entries = new TreeMap<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        entries.put(
            e.getName().replaceAll("^/|/$", ""),
            "%o %d:%d %d"
                .formatted(
                    e.getMode() & 07777,
                    e.getLongUserId(),
                    e.getLongGroupId(),
                    Math.floorDiv(e.getLastModifiedTime().toMillis(), 1000L)));
      }
    }
    return entries;
  }

  private static Layer build(LayerPath... paths) {
    return LayerBuilder.create().build(List.of(List.of(paths))).get(0);
  }

  /** Writes and reads a layer as JSON. */
  private Layer stored(Layer layer) throws IOException {
    Path file = temporary.resolve("layers.json");
    Files.writeString(file, JsonFiles.toJson(List.of(layer)));
    return JsonFiles.readLayers(file).get(0);
  }

  @Test
  void orModeAddsPermissions() throws IOException {
    Layer layer =
        build(
            withRules(
                Perm.of(".*").withOrMode("0200"),
                Perm.of("/read$").withMode("0440").withOrMode("0002"),
                Perm.of("/read$").withOrMode("1000")));

    TreeMap<String, String> entries = entries(stored(layer));
    assertEquals("1442 0:0 1", entries.get("read"));
    assertEquals("755 0:0 1", entries.get("run"));
  }

  @Test
  void aLaterModeReplacesWhatOrModeHasAdded() throws IOException {
    Layer layer =
        build(withRules(Perm.of(".*").withOrMode("7000"), Perm.of("run$").withMode("500")));

    assertEquals("500 0:0 1", entries(layer).get("run"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0o311", "-0200", "40755", "8", " 2", "77777777777777777777777"})
  void rejectsAnOrModeThatIsNotOctalPermissions(String orMode) {
    Failures.assertFails(
        () -> build(withRules(Perm.of("/run$").withOrMode(orMode))),
        "invalid orMode '" + orMode + "' in permission rule '/run$'; use octal digits");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1_700_000_000, -5, 1L << 40})
  void mtimeSetsTheModificationTime(long seconds) throws IOException {
    Layer layer = build(withRules(Perm.of("/run$").withMtime(OptionalLong.of(seconds))));

    TreeMap<String, String> entries = entries(stored(layer));
    assertEquals("555 0:0 " + seconds, entries.get("run"));
    assertEquals("444 0:0 1", entries.get("read"));
  }

  private List<LayerPath> ensured(String json, LayerPath... paths) throws IOException {
    Path file = temporary.resolve("dirs.json");
    Files.writeString(file, json.replace("@", source.toString()));
    return EnsuredDirectories.read(file)
        .addTo(List.of(List.of(paths)), temporary.resolve("empty").toString())
        .get(0);
  }

  @Test
  void createsTheDirectoriesThatAPathLacksWithModeAndOwner() throws IOException {
    List<LayerPath> paths =
        ensured(
            """
            [{"path": "@", "dir": "etc", "mode": "0700", "uid": 7},
             {"path": "@", "dir": "./var//empty/", "uid": 7, "gid": 8, "mode": "0711"},
             {"path": "@", "dir": "tmp", "mode": "1777"}, {"path": "@", "dir": "srv"}]
            """,
            withRules(Perm.of("/etc$").withMode("0750")));

    TreeMap<String, String> entries = entries(stored(build(paths.toArray(LayerPath[]::new))));
    assertEquals("750 0:0 1", entries.get("etc"));
    assertEquals("711 7:8 1", entries.get("var/empty"));
    assertEquals("1777 0:0 1", entries.get("tmp"));
    assertEquals("755 0:0 1", entries.get("srv"));
  }

  @Test
  void rejectsDirectoriesThatCannotBeCreated() {
    String one = "[{\"path\": \"@\", \"dir\": \"%s\"}]";
    LayerPath path = withRules();

    Failures.assertFails(() -> ensured(one.formatted("run"), path), "run': it exists and is not");
    for (String name : List.of("", "/", "../x", "a/../../x", ".")) {
      Failures.assertFails(() -> ensured(one.formatted(name), path), "it is not below");
    }
    Failures.assertFails(() -> ensured(one.formatted("x")), "the path is not in this layer");
  }
}
