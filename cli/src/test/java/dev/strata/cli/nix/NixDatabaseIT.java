package dev.strata.cli.nix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Nix database of an image knows its store paths, the same way every time. */
class NixDatabaseIT {
  private static final String DATABASE = "nix/var/nix/db/db.sqlite";

  private final Nix nix = Nix.require();

  @Test
  void theDatabaseHasEveryPathOfTheImageAndARootForEach(@TempDir Path folder) throws IOException {
    Unpacked image = Unpacked.of(nix, "database.plain", folder.resolve("image"));
    Path root = image.extract(folder.resolve("root"));
    String registered =
        Nix.run("sqlite3", root.resolve(DATABASE).toString(), "SELECT path FROM ValidPaths").out();
    // hello is the image's own, jq comes from a layer below, and motd is at the root alone.
    assertFalse(registered.contains("-motd"), registered);
    for (String name : List.of("hello", "bash", "glibc", "jq")) {
      assertTrue(registered.contains("-" + name + "\n"), registered);
    }
    assertFalse(registered.contains("-config.json"), registered);
    for (String path : registered.lines().toList()) {
      Path gcRoot = root.resolve("nix/var/nix/gcroots/docker").resolve(path.substring(11));
      assertEquals(Path.of(path), Files.readSymbolicLink(gcRoot));
    }
    assertEquals(
        "0",
        Nix.run(
                "sqlite3",
                root.resolve(DATABASE).toString(),
                "SELECT DISTINCT registrationTime FROM ValidPaths")
            .out()
            .strip());
    // JUnit warns of links that lead out of its folder.
    Nix.run("rm", "-rf", root.toString()).ok();
  }

  @Test
  void nixUidAndNixGidOwnTheDatabase(@TempDir Path folder) {
    Unpacked owned = Unpacked.of(nix, "database.owned", folder.resolve("owned"));
    assertTrue(owned.has("-rwxr-xr-x 1000/100", "/" + DATABASE), owned::listing);
    assertTrue(owned.has("drwxr-xr-x 1000/100", "/nix/store"), owned::listing);
    Unpacked plain = Unpacked.of(nix, "database.plain", folder.resolve("plain"));
    assertTrue(plain.has("-rwxr-xr-x 0/0", "/" + DATABASE), plain::listing);
  }

  @Test
  void aSeparateDatabaseHasALayerOfItsOwn(@TempDir Path folder) {
    Unpacked image = Unpacked.of(nix, "database.separate", folder.resolve("image"));
    List<String> layers = image.listings();
    assertEquals(3, layers.size());
    assertTrue(layers.get(2).contains("/" + DATABASE), layers.get(2));
    assertFalse(layers.get(2).contains("/etc/motd"), layers.get(2));
    assertFalse(layers.get(1).contains("/nix/var"), layers.get(1));
    // One layer, unless asked.
    assertEquals("2", Nix.jq(nix.buildOne("database.plain"), ".layers | length"));
  }

  @Test
  void theOrderOfRegistrationDoesNotShow() throws IOException {
    List<Path> built = nix.build("databases.one", "databases.two");
    assertArrayEquals(
        Files.readAllBytes(built.get(0).resolve(DATABASE)),
        Files.readAllBytes(built.get(1).resolve(DATABASE)));
  }
}
