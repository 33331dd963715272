package dev.strata.cli.nix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Arguments in the forms of nix2container's newest proposals, and names with special characters.
 */
class ShapesIT {
  private final Nix nix = Nix.require();

  private String layer(String name, String filter) {
    return Nix.jq(nix.buildOne("shapes." + name).resolve("layers.json"), filter);
  }

  private String image(String name, String filter) {
    return Nix.jq(nix.buildOne("shapes." + name), filter);
  }

  @Test
  void aPlusInANameIsNoSpecialCharacter(@TempDir Path folder) {
    Unpacked image = Unpacked.of(nix, "shapes.plusAtRoot", folder.resolve("image"));
    assertTrue(image.listing().contains(" /lib/modules\n"), image::listing);
    assertFalse(image.listing().contains("/share/doc"), image::listing);
    assertFalse(image.listing().contains("/nix/store/"), image::listing);
    String regex = layer("plusInLayer", ".[].paths[].options.rewrite.regex");
    assertTrue(regex.endsWith("-jdk-25\\+36\\+\\+"), regex);
  }

  @Test
  void fromTarTakesThePlaceOfAPath(@TempDir Path folder) {
    Unpacked image = Unpacked.of(nix, "shapes.fromTarAndPerms", folder.resolve("image"));
    assertTrue(image.has("drwx------ 999/998", "/etc"), image::listing);
    assertTrue(image.has("-rw-r----- 0/0", "/etc/app.conf"), image::listing);
    assertTrue(image.has("drwx------ 65534/65534", "/var/empty"), image::listing);
    assertTrue(image.has("drwxrwxrwt 0/0", "/tmp"), image::listing);
    // What a member refers to is in the image, and the path that the archive replaces is not.
    assertTrue(image.listing().contains("-hello/bin/hello\n"), image::listing);
    assertFalse(image.listing().contains("-root/"), image::listing);
    assertEquals("[1700000000]", layer("fromTar", "[.[1].paths[].options.perms[].mtime] | unique"));
    String target = layer("fromTarInPlace", ".[1].paths[].options.rewrite.repl");
    assertTrue(target.matches("/nix/store/[a-z0-9]{32}-root"), target);
  }

  @Test
  void ensureDirsCreatesWhatAPathLacks() {
    // The path has etc, which stays as it is.
    String created = ".[0].paths[] | select(.path | endswith(\"/dirs/0\")) | .options";
    assertEquals(
        "/var/empty 0700 65534",
        layer(
            "ensureDirs", created + " | \"\\(.rewrite.repl) \\(.perms[].mode) \\(.perms[].uid)\""));
    assertEquals("1", layer("ensureDirs", "length"));
    assertEquals("2", layer("ensureDirsAbsolute", "length"));
    String said = nix.failure("shapes.ensureDirsElsewhere");
    assertTrue(said.contains("the path is not in this layer"), said);
  }

  @Test
  void permsFileComesBeforePermsAndOrModeAddsPermissions(@TempDir Path folder) {
    assertEquals(
        "0600 null, 0100",
        layer(
            "permsFile",
            "[.[].paths[].options.perms[] | "
                + "if .orMode then .orMode else \"\\(.mode) \\(.orMode)\" end] | join(\", \")"));
    Unpacked image = Unpacked.of(nix, "shapes.permsFileOfImage", folder.resolve("image"));
    assertTrue(image.has("-rw-r--r-- 0/0", "/data/plain"), image::listing);
    assertTrue(image.has("-rwxr-xr-x 0/0", "/data/tool"), image::listing);
    String said = nix.failure("shapes.orModeTooLarge");
    assertTrue(said.contains("invalid orMode '40755'"), said);
  }

  @Test
  void excludesMayBeListedByPath() {
    String regex = layer("excludes", ".[].paths[].options.rewrite.regex");
    assertTrue(regex.endsWith("-jdk-25\\+36\\+\\+/(share/doc)(/.*)?$"), regex);
    String said = nix.failure("shapes.excludesNothing");
    assertTrue(said.contains("/share/man': there is no such file or directory"), said);
  }

  @Test
  void settingsOfTheBaseAreKeptOnRequest() {
    String config =
        ".\"image-config\" | \"\\(.User) \\(.Env) \\(.Entrypoint) \\(.Cmd) \\(.Labels)\"";
    assertEquals(
        "null [\"PATH=/own\"] [\"/own\"] null {\"from\":\"own\"}", image("inheritNothing", config));
    assertEquals(
        "null [\"PATH=/own\",\"HOME=/root\"] [\"/own\"] null {\"from\":\"own\"}",
        image("fromImageEnv", config));
    assertEquals(
        "base [\"PATH=/own\",\"HOME=/root\"] [\"/own\"] null {\"base\":\"yes\",\"from\":\"own\"}",
        image("inheritConfig", config));
    String said = nix.failure("shapes.inheritConfigWithoutBase");
    assertTrue(said.contains("require a base image; set fromImage"), said);
    assertEquals("null", image("fromNoImage", ".layers"));
  }

  @Test
  void annotationsAreThoseOfTheManifest(@TempDir Path folder) {
    Unpacked.of(nix, "shapes.annotations", folder.resolve("image"));
    assertEquals(
        "{\"org.opencontainers.image.source\":\"https://example.org/app\"}",
        Nix.jq(folder.resolve("image/manifest.json"), ".annotations"));
  }

  @Test
  void settingsOfDockerAreKept(@TempDir Path folder) {
    Unpacked image = Unpacked.of(nix, "shapes.dockerConfig", folder.resolve("image"));
    String settings =
        image.config(
            ".config | \"\\(.Healthcheck.Interval) \\(.Healthcheck.Retries) \\(.OnBuild) \\(.Shell)"
                + " \\(.ArgsEscaped)\"");
    assertEquals("30000000000 3 [\"RUN true\"] [\"/bin/bash\"] true", settings);
    // What a health check runs is in the image.
    assertTrue(image.listing().contains("-hello/bin/hello\n"), image::listing);
  }

  @Test
  void theDatabaseListsOnlyPathsThatTheImageHas(@TempDir Path folder) throws IOException {
    Unpacked image = Unpacked.of(nix, "shapes.database", folder.resolve("image"));
    Path root = image.extract(folder.resolve("root"));
    String database = root.resolve("nix/var/nix/db/db.sqlite").toString();
    String registered = Nix.run("sqlite3", database, "SELECT path FROM ValidPaths").ok().out();
    assertTrue(registered.contains("-hello\n") && registered.contains("-jq\n"), registered);
    for (String path : registered.lines().toList()) {
      assertTrue(Files.exists(root.resolve(path.substring(1)), LinkOption.NOFOLLOW_LINKS), path);
    }
    for (String moved : new String[] {"-files", "-root", "-motd", "-config.json"}) {
      assertFalse(registered.contains(moved + "\n"), registered);
    }
    Nix.nix(
            java.util.Map.of("NIX_REMOTE", "local?root=" + root),
            "nix-store",
            "--verify",
            "--check-contents")
        .ok();
    // JUnit warns of links that lead out of its folder.
    Nix.run("rm", "-rf", root.toString()).ok();
  }
}
