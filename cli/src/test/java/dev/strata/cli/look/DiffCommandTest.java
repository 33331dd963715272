package dev.strata.cli.look;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.Outcome;
import dev.strata.cli.SampleFolders;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiffCommandTest {
  private static final String OLD_APP = "0c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x-app-1.0";
  private static final String NEW_APP = "1c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x-app-1.1";
  private static final String LIBC = "2c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x-glibc-2.40";
  private static final String ZLIB = "3c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x-zlib-1.3";

  @TempDir private Path temporary;
  private SampleFolders samples;
  private String before = "";
  private String after = "";

  @BeforeEach
  void makeImages() throws IOException {
    samples = new SampleFolders(temporary);
    samples.file(OLD_APP + "/app", "a");
    samples.file(OLD_APP + "/same", "s");
    samples.file(NEW_APP + "/app", "bb");
    samples.file(NEW_APP + "/same", "s");
    samples.file(NEW_APP + "/new", "n");
    samples.file(LIBC + "/libc.so", "l");
    samples.file(ZLIB + "/libz.so", "z");
    samples.file("etc/conf", "c");
    before = samples.path("before.json");
    after = samples.path("after.json");
    build(before, "{\"Env\":[\"A=b\",\"C=d\"],\"Cmd\":[\"x\"]}", OLD_APP, LIBC, "etc");
    build(
        after,
        "{\"Env\":[\"A=c\",\"C=d\"],\"Cmd\":[\"x\"],\"Labels\":{\"v\":\"<b>|`1`\"}}",
        NEW_APP,
        LIBC,
        ZLIB);
  }

  private void build(String file, String config, String... paths) throws IOException {
    samples.file("config.json", config);
    String[] arguments = new String[paths.length + 5];
    arguments[0] = "build";
    for (int i = 0; i < paths.length; i++) {
      arguments[i + 1] = samples.path(paths[i]);
    }
    arguments[paths.length + 1] = "--config";
    arguments[paths.length + 2] = samples.path("config.json");
    arguments[paths.length + 3] = "-o";
    arguments[paths.length + 4] = file;
    strata(arguments).succeeds();
  }

  private static Outcome differs(String... arguments) {
    Outcome outcome = strata(arguments);
    assertEquals(1, outcome.exit(), outcome.err());
    assertEquals("", outcome.err());
    return outcome;
  }

  private static void assertContains(String text, String... parts) {
    for (String part : parts) {
      assertTrue(text.contains(part), () -> "'" + part + "' is not in: " + text);
    }
  }

  @Test
  void showsLayersPathsFilesAndSettings() {
    String etc = samples.path("etc");
    assertContains(
        differs("diff", before, after).out(),
        "Layers: 1 shared, 2 added, 2 removed\n",
        "A client that has A downloads ",
        " before compression for B.\n",
        "Store paths: 1 replaced, 1 added, 0 removed, +",
        "  ~  app   1.0 -> 1.1  +",
        "  +  zlib  1.3         +",
        "Files: 1 changed, 3 added, 2 removed\n",
        "  D  " + etc + "       folder\n",
        "  D  " + etc + "/conf  1 B\n",
        "  in app-1.0 -> app-1.1:\n  M  app  size 1 -> 2, content\n  A  new  1 B\n",
        "  2 files of added and removed store paths (use --path to list them)\n",
        "  Env A     b -> c\n",
        "  Labels v  (none) -> <b>|`1`\n");
  }

  @Test
  void namesWhatChangedLayersContain() {
    String text = differs("diff", before, after).out();
    assertTrue(text.matches("(?s).*\\n  -  \\d  \\w{12}  [0-9.]+ kB  app-1\\.0\\n.*"), text);
    assertTrue(text.matches("(?s).*\\n  \\+  \\d  \\w{12}  [0-9.]+ kB  app-1\\.1\\n.*"), text);
  }

  @Test
  void theLimitAppliesToEachList() {
    String text = differs("diff", "--limit", "1", before, after).out();
    assertContains(
        text,
        "  -  ...  and 1 more\n",
        "  +  ...  and 1 more\n",
        "  ... and 3 more (use --limit to list them)\n");
    assertTrue(!differs("diff", "--limit", "0", before, after).out().contains(" more"), text);
  }

  @Test
  void layersThatAreOnlyCompressedAreTheSame() {
    String copy = "oci:" + samples.path("copy") + ":1";
    strata("copy", "-q", before, copy).succeeds();
    assertTrue(
        strata("diff", before, copy)
            .succeeds()
            .out()
            .endsWith("\nSame layers and configuration.\n"));
  }

  @Test
  void aLayerInAnotherCompressionIsDownloadedAgain() {
    String gzip = "oci:" + samples.path("gzip") + ":1";
    String zstd = "oci:" + samples.path("zstd") + ":1";
    strata("copy", "-q", before, gzip).succeeds();
    strata("copy", "-q", "--dest-compress-format", "zstd", after, zstd).succeeds();
    JsonTree download =
        JsonTree.parse("the output", differs("diff", "--json", gzip, zstd).bytes())
            .object("download");
    assertEquals(3, download.number("layers", -1));
    assertEquals(0, download.number("uncompressed", -1));
  }

  @Test
  void comparesOnlyTheFilesOfThePatterns() {
    assertContains(
        differs("diff", "-p", "*.so", before, after).out(),
        "Files: 0 changed, 1 added, 0 removed\n  A  " + samples.path(ZLIB) + "/libz.so  1 B\n");
    assertContains(
        differs("diff", "-p", samples.path("etc"), "-n", "1", before, after).out(),
        "Files: 0 changed, 0 added, 2 removed\n",
        "  ... and 1 more (use --limit to list them)\n");
  }

  @Test
  void doesNotReadLayersUnlessFilesAreCompared() throws IOException {
    java.nio.file.Files.delete(Path.of(samples.path(ZLIB), "libz.so"));
    assertEquals(2, strata("diff", before, after).exit());
    assertContains(
        differs("diff", "--no-files", before, after).out(), "Files: not compared (--no-files)\n");
    assertEquals(0, strata("diff", after, after).exit());
  }

  /** A layer that is not compressed is preferred, as it is usually faster to read. */
  @Test
  void aStorePathThatIsMissingIsNamedEvenIfTheOtherImageHasTheLayer() throws IOException {
    String copy = "oci:" + samples.path("copy") + ":1";
    strata("copy", "-q", after, copy).succeeds();
    String shared = samples.path(LIBC);
    java.nio.file.Files.delete(Path.of(shared, "libc.so"));
    java.nio.file.Files.delete(Path.of(shared));
    Outcome outcome = strata("diff", before, copy);
    assertEquals(2, outcome.exit());
    assertContains(
        outcome.err(),
        "'" + shared + "': no such file or directory; check that the path has been built");
    assertContains(
        differs("diff", "--no-files", before, copy).out(), "Layers: 1 shared, 2 added, 2 removed");
  }

  @Test
  void escapesWhatIsMarkdown() {
    assertContains(
        differs("diff", "--markdown", before, after).out(),
        "| Store paths | 1 replaced, 1 added, 0 removed, +",
        "<details><summary>Files</summary>\n",
        "| `Labels v` |  | `` <b>\\|`1` `` |\n");
  }

  @Test
  void jsonHasADocumentedForm() {
    String json =
        differs("diff", "--json", "--no-files", before, after)
            .out()
            .replaceAll("[\\s\"]", "")
            .replaceAll("sha256:[0-9a-f]{64}", "D")
            .replaceAll("ize:[0-9]+", "ize:N")
            .replaceAll("ressed:[1-9][0-9]*", "ressed:N")
            .replace(temporary.toString(), "");
    String layer = "diffId:D,digest:D,size:N,mediaType:application/vnd.oci.image.layer.v1.tar}";
    assertEquals(
        "{equal:false,a:{name:/before.json,digest:D},b:{name:/after.json,digest:D},"
            + "layers:{shared:[{layer:1,"
            + layer
            + "],added:[{layer:0,"
            + layer
            + ",{layer:2,"
            + layer
            + "],removed:[{layer:0,"
            + layer
            + ",{layer:2,"
            + layer
            + "],reordered:false},download:{layers:2,compressed:0,uncompressed:N},"
            + "storePaths:null,files:null,config:["
            + "{field:Env,key:A,before:[b],after:[c]},"
            + "{field:Labels,key:v,before:null,after:[\\u003cb\\u003e|`1`]}]}",
        json);
  }

  @Test
  void endsWithTwoAfterAnError() {
    Outcome missing = strata("diff", before, samples.path("nope.json"));
    assertEquals(2, missing.exit());
    assertContains(missing.err(), "strata: cannot read '", "nope.json");
    strata("diff", before).isBadUsage(2, "missing argument B");
    strata("diff", "--json", "--markdown", before, after)
        .isBadUsage(2, "--json cannot be combined with --markdown");
  }
}
