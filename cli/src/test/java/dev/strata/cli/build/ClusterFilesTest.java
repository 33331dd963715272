package dev.strata.cli.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import dev.strata.io.InvalidInputException;
import dev.strata.layering.LayerPath;
import dev.strata.oci.History;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manifests consist of the objects and fields that Kubernetes and Argo Workflows know. */
final class ClusterFilesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<List<LayerPath>> LAYERS =
      List.of(
          List.of(new LayerPath("/nix/store/a", null), new LayerPath("/nix/store/b", null)),
          List.of(new LayerPath("/nix/store/it's \"c\" \u20ac", null)));

  @TempDir private Path folder;

  private JsonNode emitted(String tool, String file) throws IOException {
    PlanFolder plans = new PlanFolder(folder);
    plans.emit(tool, plans.write(LAYERS, History.EMPTY, 1), "/nix/store");
    return JSON.readTree(Files.readString(folder.resolve(file)));
  }

  private static JsonElement gson(JsonNode node) {
    return JsonParser.parseString(node.toString());
  }

  @Test
  void theJobConformsToTheSchemaOfKubernetes() throws IOException {
    JsonNode list = emitted("kubernetes", "job.json");
    assertEquals("List", list.get("kind").asText());
    JsonNode config = list.get("items").get(0);
    JsonNode job = list.get("items").get(1);
    V1ConfigMap.validateJsonElement(gson(config));
    V1Job.validateJsonElement(gson(job));
    assertEquals(2, job.at("/spec/completions").asInt());
    assertEquals(
        Files.readString(folder.resolve("0001.plan.json")),
        config.get("data").get("0001.plan.json").asText());
    // The test would notice a mistake.
    ((ObjectNode) job.get("spec")).put("completion", 2);
    assertThrows(IllegalArgumentException.class, () -> V1Job.validateJsonElement(gson(job)));
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
  void theWorkflowConsistsOfTasksAndContainersThatExist() throws IOException {
    JsonNode workflow = emitted("argo", "workflow.json");
    assertEquals("argoproj.io/v1alpha1", workflow.get("apiVersion").asText());
    assertEquals("Workflow", workflow.get("kind").asText());
    V1ObjectMeta.validateJsonElement(gson(workflow.get("metadata")));
    Set<String> templates = new HashSet<>();
    for (JsonNode template : workflow.at("/spec/templates")) {
      templates.add(template.get("name").asText());
      JsonNode container = template.get("container");
      if (container != null) {
        // In Argo, the name of a container may be left out.
        V1Container.validateJsonElement(gson(((ObjectNode) container).put("name", "main")));
      }
    }
    assertTrue(templates.contains(workflow.at("/spec/entrypoint").asText()));
    workflow
        .at("/spec/templates/0/dag/tasks")
        .forEach(task -> assertTrue(templates.contains(task.get("template").asText())));
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
  }

  @Test
  void plansThatDoNotFitIntoAnObjectAreRefused() {
    List<LayerPath> paths = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      paths.add(new LayerPath("/nix/store/" + "x".repeat(150) + i, null));
    }
    PlanFolder plans = new PlanFolder(folder);
    List<PlanFolder.Entry> written = plans.write(List.of(paths), History.EMPTY, 1);
    InvalidInputException e =
        assertThrows(
            InvalidInputException.class, () -> plans.emit("kubernetes", written, "/nix/store"));
    assertTrue(e.getMessage().contains("1 MiB"), e.getMessage());
    assertFalse(Files.exists(folder.resolve("job.json")));
  }
}
