package dev.strata.cli;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.command.Command;
import dev.strata.cli.look.InspectCommand;
import dev.strata.cli.look.ListTagsCommand;
import dev.strata.cli.move.CopyCommand;
import dev.strata.cli.move.SkopeoLayersCommand;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each option of Skopeo has a row in the documentation and does what the row says. */
final class SkopeoOptionsTest {
  @TempDir private Path folder;

  private static Command command(String name) {
    return switch (name) {
      case "copy" -> new CopyCommand();
      case "inspect" -> new InspectCommand();
      case "layers" -> new SkopeoLayersCommand();
      default -> new ListTagsCommand();
    };
  }

  private static List<String> places(String command) {
    return command.equals("copy") ? List.of("oci:from", "oci:to") : List.of("docker://a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"global", "copy", "inspect", "list-tags", "layers"})
  void theDocumentationListsTheOptionsOfSkopeo(String command) {
    assertEquals(
        SkopeoOptions.recorded(command), new TreeSet<>(SkopeoOptions.documented(command).keySet()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"copy", "inspect", "list-tags", "layers"})
  void eachOptionIsAcceptedOrRefusedWithAReason(String command) {
    Map<String, String> options = SkopeoOptions.documented(command);
    options.putAll(SkopeoOptions.documented("global"));
    options.remove("--version");
    options.forEach((option, support) -> {
      assertTrue(command(command).accepts(option), option);
      if (support.startsWith("Refused")) {
        assertRefused(command, option);
      } else {
        assertTrue(
            support.matches("(?s)(Supported|Accepted and ignored:|`).*"), option + " " + support);
      }
    });
  }

  private static void assertRefused(String command, String option) {
    boolean flag = option.equals("--require-signed");
    List<String> args = new java.util.ArrayList<>(List.of(command, option + (flag ? "" : "=1")));
    args.addAll(places(command));
    args.addFirst("skopeo");
    new CommandLineRun()
        .with("PATH", "/nowhere")
        .run(args)
        .isBadUsage(1, option + " is not supported: ");
  }

  @Test
  void aPolicyThatRequiresSignaturesIsRefused() throws Exception {
    Path anything = folder.resolve("anything.json");
    Files.writeString(anything, "{\"default\": [{\"type\": \"insecureAcceptAnything\"}]}");
    Path signed = folder.resolve("signed.json");
    Files.writeString(
        signed,
        "{\"default\": [{\"type\": \"insecureAcceptAnything\"}],"
            + " \"transports\": {\"docker\": {\"\": [{\"type\" : \"signedBy\"}]}}}");
    String none = "oci:" + folder.resolve("none") + ":1";
    strata("inspect", "--policy", signed.toString(), none)
        .fails("it has the requirement 'signedBy', but Strata verifies no signatures; use Skopeo");
    strata("inspect", "--policy", anything.toString(), none).fails("none/");
    Path escaped = folder.resolve("escaped.json");
    Files.writeString(escaped, "{\"default\":[{\"t\\u0079pe\":\"\\u0072eject\"}]}");
    strata("inspect", "--policy", escaped.toString(), none)
        .fails("cannot apply the policy", "reject");
    Files.writeString(escaped, "{\"default\":[");
    strata("inspect", "--policy", escaped.toString(), none)
        .fails("cannot read the policy", "is not valid JSON");
    strata("inspect", "--policy", folder.resolve("no.json").toString(), none)
        .fails("cannot read the policy");
  }
}
