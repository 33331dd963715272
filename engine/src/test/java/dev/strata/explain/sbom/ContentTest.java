package dev.strata.explain.sbom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.explain.sbom.Content.Unreadable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ContentTest {
  private static final int EXECUTABLE = 1 << 10;

  @TempDir private Path folder;
  private final Notes notes = new Notes();

  private List<String> read(Content content, byte[] bytes, int step) throws Exception {
    try {
      for (int at = 0; at < bytes.length; at += step) {
        content.write(ByteBuffer.wrap(bytes, at, Math.min(step, bytes.length - at)));
      }
      content.close();
      return content.found(notes).stream().map(ContentTest::shown).toList();
    } finally {
      content.drop();
    }
  }

  private static String shown(Found found) {
    String group = found.namespace();
    return (group.isEmpty() ? "" : group + "/") + found.name() + "@" + found.version();
  }

  private List<String> jar(byte[] bytes) throws Exception {
    return read(new JavaArchive("/lib/thing-1.5.jar", folder), bytes, 1000);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String pom(String group, String artifact, String version) {
    return "# x\ngroupId=" + group + "\nartifactId=" + artifact + "\nversion=" + version + "\n";
  }

  @Test
  void aJarIsNamedByMavensCoordinates() throws Exception {
    byte[] jar =
        SampleImage.zip(
            "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nBundle-SymbolicName: other\n",
            "META-INF/maven/org.b/b/pom.properties", pom("org.b", "b", "2"),
            "META-INF/maven/org.a/a/pom.properties", pom("org.a", "a", "1"));
    assertEquals(List.of("org.a/a@1", "org.b/b@2"), jar(jar));
  }

  @Test
  void aJarWithoutCoordinatesIsNamedByItsManifestOrFile() throws Exception {
    String manifest =
        "Manifest-Version: 1.0\nBundle-SymbolicName: org.thing;singleton:=true\n"
            + "Bundle-Version: 3.1\n";
    assertEquals(List.of("org.thing@3.1"), jar(SampleImage.zip("META-INF/MANIFEST.MF", manifest)));
    assertEquals(List.of("thing@1.5"), jar(SampleImage.zip("A.class", "")));
  }

  @Test
  void archivesInAnArchiveAreReadButNotThoseInThem() throws Exception {
    byte[] deepest = SampleImage.zip("META-INF/maven/a/a/pom.properties", pom("g", "deep", "1"));
    byte[] inner =
        SampleImage.zip(
            "META-INF/maven/a/a/pom.properties", pom("g", "inner", "1"), "lib/deep.jar", deepest);
    byte[] outer =
        SampleImage.zip(
            "META-INF/maven/a/a/pom.properties", pom("g", "outer", "1"), "lib/inner.jar", inner);
    assertEquals(List.of("g/outer@1", "g/inner@1"), jar(outer));
  }

  @Test
  void anArchiveBehindAScriptIsRead() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(utf8("#!/bin/sh\nexec java -jar $0\n"));
    out.write(SampleImage.zip("META-INF/maven/a/a/pom.properties", pom("g", "a", "1")));
    assertEquals(List.of("g/a@1"), jar(out.toByteArray()));
  }

  @Test
  void archivesThatExpandToMoreThanTheLimitArePassedOver() throws Exception {
    byte[] bomb = SampleImage.zip("a.jar", new byte[5_000_000], "b.jar", new byte[5_000_000]);
    assertTrue(bomb.length < 20_000);
    JavaArchive archive = new JavaArchive("/x/bomb.jar", folder, 6_000_000);
    assertEquals(List.of("bomb@"), read(archive, bomb, 100));
    assertEquals(
        List.of("/x/bomb.jar!/a.jar", "/x/bomb.jar!/b.jar"),
        notes.all().stream().map(Notes.Note::path).toList());
  }

  @Test
  void aHugeFileInAnArchiveIsPassedOver() throws Exception {
    byte[] bomb = SampleImage.zip("META-INF/maven/a/a/pom.properties", new byte[2 << 20]);
    assertThrows(Unreadable.class, () -> jar(bomb));
  }

  @Test
  void damagedArchivesArePassedOver() throws Exception {
    byte[] jar = SampleImage.zip("META-INF/maven/a/a/pom.properties", pom("g", "a", "1"));
    for (int length = 0; length < jar.length; length++) {
      byte[] cut = Arrays.copyOf(jar, length);
      assertThrows(Unreadable.class, () -> jar(cut));
    }
    for (int at = 0; at < jar.length; at++) {
      byte[] changed = jar.clone();
      changed[at] ^= (byte) 0xA5;
      try {
        jar(changed);
      } catch (Unreadable _) {
        // Either is right; any other exception fails the test.
      }
    }
  }

  @Test
  void aDirectoryOfTheWrongSizeIsPassedOver() throws Exception {
    byte[] jar = SampleImage.zip("a", "b");
    ByteBuffer.wrap(jar).order(ByteOrder.LITTLE_ENDIAN).putInt(jar.length - 22 + 12, 64 << 20);
    assertTrue(
        String.valueOf(assertThrows(Unreadable.class, () -> jar(jar)).getMessage())
            .contains("32 MiB"));
  }

  @Test
  void ofPythonsMetadataOnlyTheHeadIsKept() throws Exception {
    byte[] huge = new byte[3 << 20];
    byte[] head = utf8("Name: A.b\nVersion: 1\nSummary: \u00e4\n\n");
    System.arraycopy(head, 0, huge, 0, head.length);
    TextContent content =
        new TextContent(1 << 20, true, text -> LanguagePackages.python(text, "/x/METADATA"));
    assertEquals(List.of("a.b@1"), read(content, huge, 8192));
    assertThrows(Unreadable.class, () -> LanguagePackages.python(utf8("\n\nHello"), "/x"));
    assertThrows(Unreadable.class, () -> LanguagePackages.python(new byte[] {(byte) 0xFF}, "/x"));
  }

  @Test
  void ofPackageJsonNameAndVersionAreRead() throws Exception {
    assertEquals(
        List.of("@scope/name@1.0"),
        LanguagePackages.node(
                utf8(
                    "{\"Name\":\"x\",\"name\":\"@scope/name\",\"version\":\"1.0\",\"a\":{\"b\":[1]}}"),
                "/x")
            .stream()
            .map(ContentTest::shown)
            .toList());
    assertEquals(List.of(), LanguagePackages.node(utf8("{\"type\":\"module\"}"), "/x"));
    assertEquals(List.of(), LanguagePackages.node(utf8("{\"name\":1,\"version\":[]}"), "/x"));
    for (String bad : List.of("", "[]", "{", "{\"a\":" + "[".repeat(20_000), "\u0000")) {
      assertThrows(Unreadable.class, () -> LanguagePackages.node(utf8(bad), "/x"));
    }
  }

  @Test
  void aTextThatIsTooLongIsPassedOver() {
    TextContent content =
        new TextContent(1 << 20, false, text -> LanguagePackages.node(text, "/package.json"));
    assertEquals(
        "it is larger than 1 MiB",
        assertThrows(Unreadable.class, () -> read(content, new byte[(1 << 20) + 1], 999))
            .getMessage());
  }

  private static byte[] goProgram(byte[] info) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(new byte[] {0x7F, 'E', 'L', 'F'});
    out.write(new byte[EXECUTABLE - 4]);
    out.write(info);
    out.write(new byte[100]);
    return out.toByteArray();
  }

  private static byte[] buildInfo(String version, String modules) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write("\u00ff Go buildinf:".getBytes(StandardCharsets.ISO_8859_1));
    out.write(new byte[] {8, 2});
    out.write(new byte[16]);
    text(version, out);
    text(modules.isEmpty() ? "" : "0123456789abcdef" + modules + "0123456789abcdef", out);
    return out.toByteArray();
  }

  private static void text(String text, ByteArrayOutputStream out) throws IOException {
    byte[] bytes = utf8(text);
    int length = bytes.length;
    for (; length > 0x7F; length >>= 7) {
      out.write(length & 0x7F | 0x80);
    }
    out.write(length);
    out.write(bytes);
  }

  private List<String> go(byte[] program, int step) throws Exception {
    return read(new GoProgram("/bin/x"), program, step);
  }

  @Test
  void modulesOfAGoProgramAreFound() throws Exception {
    String modules =
        "path\texample.org/cmd/x\n"
            + "mod\texample.org/x\t(devel)\t\n"
            + "dep\tgithub.com/Big/Name\tv1.0\th1:a=\n"
            + "dep\tgithub.com/old/one\tv1.1\n"
            + "=>\tgithub.com/new/one\tv1.2\th1:b=\n"
            + "dep\texample.org/local\tv0.0.0-1\n"
            + "=>\t./internal/local\t(devel)\n"
            + "build\t-compiler=gc\n".repeat(500);
    byte[] program = goProgram(buildInfo("go1.22.1 X:loopvar", modules));
    for (int step : new int[] {1, 7, 16, 4096, 1 << 20}) {
      assertEquals(
          List.of(
              "stdlib@1.22.1",
              "example.org/x@",
              "github.com/big/name@v1.0",
              "github.com/new/one@v1.2",
              "example.org/local@"),
          go(program, step));
    }
  }

  @Test
  void aGoProgramMayHaveNoModules() throws Exception {
    assertEquals(List.of("stdlib@1.24.3"), go(goProgram(buildInfo("go1.24.3", "")), 512));
  }

  @Test
  void otherFilesThatMentionTheMagicNumberAreNotGoPrograms() throws Exception {
    byte[] info = buildInfo("go1.22", "mod\ta\tv1\n");
    byte[] shifted = new byte[info.length + 1];
    System.arraycopy(info, 0, shifted, 1, info.length);
    assertEquals(List.of(), go(goProgram(shifted), 100));
    assertEquals(List.of(), go(info, 100));
    assertEquals(List.of(), go(goProgram(buildInfo("no version", "mod\ta\tv1\n")), 100));
    assertEquals(List.of(), go(goProgram(buildInfo("go1" + "x".repeat(5000), "")), 100));
  }

  @Test
  void aGoProgramThatEndsEarlyHasNoModules() throws Exception {
    byte[] whole = goProgram(buildInfo("go1.22", "mod\ta\tv1\n".repeat(100)));
    assertEquals(List.of(), go(Arrays.copyOf(whole, EXECUTABLE + 200), 64));
    byte[] endless = buildInfo("go1.22", "");
    Arrays.fill(endless, 32, endless.length, (byte) 0xFF);
    assertEquals(List.of(), go(goProgram(endless), 64));
  }

  @Test
  void aReplacementWithoutAModuleIsAModule() throws Exception {
    assertEquals(
        List.of("stdlib@1.22", "a/b@v1"),
        go(goProgram(buildInfo("go1.22", "=>\ta/b\tv1\t\n")), 64));
  }

  @Test
  void programsOfOldVersionsOfGoArePassedOver() throws Exception {
    byte[] info = buildInfo("go1.17", "");
    info[15] = 0;
    assertTrue(
        String.valueOf(assertThrows(Unreadable.class, () -> go(goProgram(info), 64)).getMessage())
            .contains("before 1.18"));
  }

  @Test
  void packageUrlsAreEncoded() {
    assertEquals(
        "pkg:npm/%40a%20b/c%2Fd@1%2B2:3?q=x/y:z%26",
        Purl.of("npm", "@a b", "c/d", "1+2:3", Map.of("q", "x/y:z&", "empty", "")));
    assertEquals(
        "pkg:oci/app@sha256%3Aab?repository_url=r.org/a/app",
        Purl.ofImage("r.org/a/app", "", "sha256:ab", Map.of()));
    assertEquals("pkg:nix/%FF", Purl.of("nix", "", "\udcff", "", Map.of()));
  }
}
