package dev.strata.cli.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import dev.strata.io.InvalidInputException;
import dev.strata.layering.LayerPath;
import dev.strata.oci.History;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The manifests conform to the schemas of Kubernetes and Argo Workflows, from which descriptions
 * and other kinds of objects were removed, and in which objects have no unknown fields.
 */
final class ClusterFilesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<List<LayerPath>> LAYERS =
      List.of(
          List.of(new LayerPath("/nix/store/a", null), new LayerPath("/nix/store/b", null)),
          List.of(new LayerPath("/nix/store/it's \"c\" \u20ac", null)));

  @TempDir private Path folder;

  private JsonNode emitted(String tool, String file) throws IOException {
    PlanFolder plans = new PlanFolder(folder);
    plans.emit(tool, plans.write(LAYERS, History.EMPTY), "/nix/store");
    return JSON.readTree(Files.readString(folder.resolve(file)));
  }

  private static Set<?> problems(String schema, String definition, JsonNode document)
      throws IOException {
    try (InputStream in =
        Objects.requireNonNull(ClusterFilesTest.class.getResourceAsStream(schema))) {
      String rules = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      String one =
          rules.replaceFirst(
              "\\{", "{\"allOf\": [{\"\\$ref\": \"#/definitions/" + definition + "\"}],");
      JsonSchema compiled =
          JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(one);
      return compiled.validate(document);
    }
  }

  @Test
  void theJobConformsToTheSchemaOfKubernetes() throws IOException {
    JsonNode list = emitted("kubernetes", "job.json");
    assertEquals("List", list.get("kind").asText());
    JsonNode config = list.get("items").get(0);
    JsonNode job = list.get("items").get(1);
    String schema = "kubernetes.schema.json";
    assertEquals(Set.of(), problems(schema, "io.k8s.api.core.v1.ConfigMap", config));
    assertEquals(Set.of(), problems(schema, "io.k8s.api.batch.v1.Job", job));
    assertEquals(2, job.at("/spec/completions").asInt());
    assertEquals(
        Files.readString(folder.resolve("0001.plan.json")),
        config.get("data").get("0001.plan.json").asText());
    // The test would notice a mistake.
    ((ObjectNode) job.get("spec")).put("completion", 2);
    assertFalse(problems(schema, "io.k8s.api.batch.v1.Job", job).isEmpty());
  }

  @Test
  void aPodBuildsThePlanOfItsIndex() throws IOException {
    String script =
        emitted("kubernetes", "job.json")
            .at("/items/1/spec/template/spec/containers/0/args/0")
            .asText();
    assertTrue(script.contains("/plan/%04d.plan.json \"$JOB_COMPLETION_INDEX\""), script);
    assertTrue(script.endsWith("cp /tmp/layer.json /dev/termination-log"), script);
  }

  @Test
  void theWorkflowConformsToTheSchemaOfArgo() throws IOException {
    JsonNode workflow = emitted("argo", "workflow.json");
    String schema = "argo.schema.json";
    String kind = "io.argoproj.workflow.v1alpha1.Workflow";
    assertEquals(Set.of(), problems(schema, kind, workflow));
    // Each reference leads to something that there is.
    List<String> tasks = new ArrayList<>();
    JsonNode dag = workflow.at("/spec/templates/0/dag/tasks");
    dag.forEach(task -> tasks.add(task.get("name").asText()));
    assertEquals(List.of("layer-0000", "layer-0001", "assemble"), tasks);
    List<String> parameters = new ArrayList<>();
    dag.get(2)
        .at("/arguments/parameters")
        .forEach(parameter -> parameters.add(parameter.get("value").asText()));
    assertEquals(
        List.of(
            "{{tasks.layer-0000.outputs.parameters.layer}}",
            "{{tasks.layer-0001.outputs.parameters.layer}}"),
        parameters);
    assertEquals(workflow.at("/spec/templates/1/outputs/parameters/0/name").asText(), "layer");
    ((ObjectNode) workflow.get("spec")).put("entry", "x");
    assertFalse(problems(schema, kind, workflow).isEmpty());
  }

  @Test
  void plansThatDoNotFitIntoAnObjectAreRefused() {
    List<LayerPath> paths = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      paths.add(new LayerPath("/nix/store/" + "x".repeat(150) + i, null));
    }
    PlanFolder plans = new PlanFolder(folder);
    List<PlanFolder.Entry> written = plans.write(List.of(paths), History.EMPTY);
    InvalidInputException e =
        assertThrows(
            InvalidInputException.class, () -> plans.emit("kubernetes", written, "/nix/store"));
    assertTrue(e.getMessage().contains("1 MiB"), e.getMessage());
    assertFalse(Files.exists(folder.resolve("job.json")));
  }
}
