package dev.strata.cli;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.image.Image;
import dev.strata.oci.Reference;
import dev.strata.serve.RegistryServer;
import dev.strata.testing.Tools;
import dev.strata.transport.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares {@code strata skopeo} with the Skopeo that is installed. */
final class SkopeoIT {
  private static final Pattern OPTION = Pattern.compile("(?m)^ +(?:-\\w, )?(--[a-z.-]+)");

  @TempDir private Path temporary;
  private SampleFolders samples;
  private String place = "";

  @BeforeEach
  void makeImage() throws IOException {
    Tools.require("skopeo");
    samples = new SampleFolders(temporary);
    samples.file("site/index.html", "<p>hello");
    samples.file(
        "config.json",
        "{\"Env\":[\"PATH=/bin\",\"A=b c\"],\"Cmd\":[\"sh\",\"-c\"],\"User\":\"1:2\","
            + "\"ExposedPorts\":{\"80/tcp\":{}},"
            + "\"Labels\":{\"x\":\"1\",\"a.b\":\"<q> & \\\"r\\\"\",\"z\":\"\"}}");
    String image = samples.path("image.json");
    strata(
            "build",
            "--copy-to-root",
            samples.path("site"),
            "--config",
            samples.path("config.json"),
            "--created",
            "2024-01-02T03:04:05.600Z",
            "-o",
            image)
        .succeeds();
    place = "oci:" + samples.path("layout") + ":1";
    strata("copy", "-q", image, place).succeeds();
  }

  private String skopeo(String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "skopeo";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return Programs.run(temporary, Map.of(), command).ok().out();
  }

  private static String own(String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "skopeo";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return new CommandLineRun().with("PATH", "/nowhere").run(command).succeeds().out();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "copy", "inspect", "list-tags", "layers"})
  void theDocumentationListsTheOptionsOfTheInstalledSkopeo(String command) {
    String help = command.isEmpty() ? skopeo("--help") : skopeo(command, "--help");
    TreeSet<String> missing = new TreeSet<>();
    Matcher option = OPTION.matcher(help);
    while (option.find()) {
      missing.add(option.group(1));
    }
    assertTrue(missing.size() > 9, help);
    missing.removeAll(SkopeoOptions.documented(command.isEmpty() ? "global" : command).keySet());
    assertEquals(new TreeSet<>(), missing);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{.Digest}}",
        "{{.Name}}|",
        "{{.Created}} {{.Created.Year}} {{.Created.Format \"2006-01-02\"}}",
        "{{.Env}} {{.Labels}} {{.Layers}}",
        "{{.Labels.x}} {{.Labels.nope}} {{index .Labels \"a.b\"}} {{index .Labels \"nope\"}}|",
        "a\\tb\\n{{.Os}}",
        "{{printf \"%s-%d %q %v %5d|%-5d|%05d|%x\" .Os (len .Layers) .Os .Env 1 2 3 \"hi\"}}",
        "{{if .Labels}}y{{else}}n{{end}}{{if eq .Os \"x\"}}1{{else if eq .Os \"linux\"}}2{{end}}",
        "{{with .Labels}}{{.x}}{{end}}",
        "{{range $i, $e := .Env}}{{$i}}={{$e}};{{end}}{{range $k, $v := .Labels}}{{$k}}{{end}}",
        "{{range .Layers}}{{.}}{{end}}{{range .RepoTags}}x{{else}}none{{end}}",
        "x  {{- .Os -}}  x{{/* c */}}{{println .Os}}",
        "{{$x := .Os}}{{if true}}{{$x = \"y\"}}{{end}}{{$x}}",
        "{{html \"<a>\"}} {{js \"a\\\"b\"}} {{urlquery \"a b\"}} {{slice .Os 1 3}}",
        "{{not true}} {{and 1 0}} {{or \"\" \"x\"}} {{print 1 2 \"a\" \"b\" 3}} {{1.5}} {{'a'}}",
        "{{.Digest.Algorithm}} {{.Digest.Encoded}}",
        "{{eq .Os \"a\" \"linux\"}} {{ne 1 2}} {{lt 1 2}} {{ge \"b\" \"a\"}}",
      })
  void templatesPrintWhatSkopeoPrints(String template) {
    // Skopeo expands tabs between columns.
    assertEquals(
        skopeo("inspect", "--format", template, place).replaceAll("[\\t ]+", " "),
        own("inspect", "--format", template, place).replaceAll("[\\t ]+", " "));
  }

  @Test
  void printsTheConfigurationAndTheManifestAsSkopeoDoes() {
    assertEquals(skopeo("inspect", "--config", place), own("inspect", "--config", place));
    for (List<String> options : List.of(List.of("--raw"), List.of("--raw", "--config"))) {
      String[] arguments = new String[options.size() + 2];
      arguments[0] = "inspect";
      System.arraycopy(options.toArray(String[]::new), 0, arguments, 1, options.size());
      arguments[options.size() + 1] = place;
      assertEquals(skopeo(arguments), own(arguments));
    }
    String template =
        "{{.Config.Env}} {{.OS}} {{.Config.ExposedPorts}} {{.RootFS}} {{.Config.Cmd}}";
    assertEquals(
        skopeo("inspect", "--config", "--format", template, place),
        own("inspect", "--config", "--format", template, place));
  }

  @Test
  void printsTheJsonOfSkopeo() {
    // Skopeo has LayersData since 1.10.
    String layersData = "(?s)    \"LayersData\": \\[.*?\\n    ],\\n";
    assertEquals(
        skopeo("inspect", place).replaceFirst(layersData, ""),
        own("inspect", place).replaceFirst(layersData, ""));
  }

  @Test
  void listsTagsAsSkopeoDoes() {
    Reference name = Reference.parse("127.0.0.1/team/app:1");
    Image image = Image.read(Path.of(samples.path("image.json")));
    try (RegistryServer server = new RegistryServer.Builder(1).add(image, name).start()) {
      String served = "docker://" + server.reference(name);
      String repository = served.substring(0, served.lastIndexOf(':'));
      assertEquals(
          skopeo("list-tags", "--tls-verify=false", repository),
          own("list-tags", "--tls-verify=false", repository));
      String template = "{{.Name}} {{.RepoTags}} {{.Digest}}";
      assertEquals(
          skopeo("inspect", "--tls-verify=false", "--format", template, served),
          own("inspect", "--tls-verify=false", "--format", template, served));
    }
    String archive = "docker-archive:" + samples.path("app.tar");
    strata("copy", "-q", place, archive + ":app:1").succeeds();
    assertEquals(skopeo("list-tags", archive), own("list-tags", archive));
  }
}
