package dev.strata.cli.build;

import dev.strata.cli.terminal.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Manifests for Kubernetes in which each step is run by a pod. The pods share a registry: each
 * pushes its layers there, and its result, of some hundred bytes a layer, goes through the API of
 * the cluster. Written in JSON, which the tools read like YAML.
 */
final class ClusterFiles {
  private static final String IMAGE = "strata";
  private static final String PLANS = "strata-plan";
  private static final String RESULT = "/tmp/layer.json";
  private static final String REPOSITORY = "REPOSITORY";
  private static final int PARALLEL = 4;
  private static final int RETRIES = 3;

  private static final Object AUTH_MOUNT =
      object("name", "auth", "mountPath", "/auth", "readOnly", true);
  private static final Object CREDENTIALS = object("name", "DOCKER_CONFIG", "value", "/auth");

  private final List<String> names;
  private final List<String> plans;
  private final String store;

  /**
   * Prepares manifests.
   *
   * @param names a name for each step
   * @param plans the contents of their plans
   * @param store the folder in which pods have the paths
   */
  ClusterFiles(List<String> names, List<String> plans, String store) {
    this.names = names;
    this.plans = plans;
    this.store = store;
  }

  /** Returns a ConfigMap with the plans, and a Job that builds one of them in each pod. */
  String kubernetes() {
    Map<String, Object> data = new LinkedHashMap<>();
    for (int i = 0; i < plans.size(); i++) {
      data.put(names.get(i) + ".plan.json", plans.get(i));
    }
    Object configMap =
        object(
            "apiVersion",
            "v1",
            "kind",
            "ConfigMap",
            "metadata",
            object("name", PLANS),
            "data",
            data);
    String script =
        "strata layer \"$(printf /plan/%04d.plan.json \"$JOB_COMPLETION_INDEX\")\" -o "
            + RESULT
            + " --to \"$"
            + REPOSITORY
            + "\" && cp "
            + RESULT
            + " /dev/termination-log";
    Map<String, Object> container =
        container(
            script,
            List.of(
                storeMount(),
                AUTH_MOUNT,
                object("name", "plan", "mountPath", "/plan", "readOnly", true)));
    container.put(
        "env",
        List.of(
            object(
                "name",
                REPOSITORY,
                "valueFrom",
                object("configMapKeyRef", object("name", "strata", "key", "repository"))),
            CREDENTIALS));
    List<Object> volumes = volumes();
    volumes.add(object("name", "plan", "configMap", object("name", PLANS)));
    Object pod =
        object("restartPolicy", "Never", "containers", List.of(container), "volumes", volumes);
    Object job =
        object(
            "apiVersion",
            "batch/v1",
            "kind",
            "Job",
            "metadata",
            object("name", "strata-layers"),
            "spec",
            object(
                "completionMode",
                "Indexed",
                "completions",
                plans.size(),
                "parallelism",
                Math.min(plans.size(), PARALLEL),
                "backoffLimitPerIndex",
                RETRIES,
                "template",
                object("spec", pod)));
    return JsonText.indented(
        object("apiVersion", "v1", "kind", "List", "items", List.of(configMap, job)));
  }

  /** Returns a Workflow that runs each step in a pod, and builds the image in a last one. */
  String argo() {
    List<Object> tasks = new ArrayList<>();
    List<Object> results = new ArrayList<>();
    List<Object> parameters = new ArrayList<>();
    List<Object> artifacts = new ArrayList<>();
    List<String> built = new ArrayList<>();
    for (int i = 0; i < plans.size(); i++) {
      String name = "layer-" + names.get(i);
      tasks.add(
          object(
              "name",
              name,
              "template",
              "layer",
              "arguments",
              object("parameters", List.of(object("name", "plan", "value", plans.get(i))))));
      results.add(object("name", name, "value", "{{tasks." + name + ".outputs.parameters.layer}}"));
      parameters.add(object("name", name));
      artifacts.add(raw(name, "/layers/" + names.get(i) + ".layer.json", name));
      built.add(name);
    }
    tasks.add(
        object(
            "name",
            "assemble",
            "template",
            "assemble",
            "dependencies",
            built,
            "arguments",
            object("parameters", results)));
    Map<String, Object> layer =
        container(
            "strata layer /plan.json -o " + RESULT + " --to {{workflow.parameters.repository}}",
            List.of(storeMount(), AUTH_MOUNT));
    layer.put("env", List.of(CREDENTIALS));
    // Needs no path.
    Map<String, Object> assemble =
        container(
            "strata assemble {{workflow.parameters.settings}} -o /tmp/image.json"
                + " /layers/*.layer.json && strata copy --blobs-present /tmp/image.json"
                + " {{workflow.parameters.repository}}:{{workflow.parameters.tag}}",
            List.of(AUTH_MOUNT));
    assemble.put("env", List.of(CREDENTIALS));
    Object layerTemplate =
        object(
            "name", "layer",
            "inputs",
                object(
                    "parameters",
                    List.of(object("name", "plan")),
                    "artifacts",
                    List.of(raw("plan", "/plan.json", "plan"))),
            "container", layer,
            "outputs",
                object(
                    "parameters",
                    List.of(object("name", "layer", "valueFrom", object("path", RESULT)))),
            "retryStrategy", object("limit", Integer.toString(RETRIES)));
    Object assembleTemplate =
        object(
            "name",
            "assemble",
            "inputs",
            object("parameters", parameters, "artifacts", artifacts),
            "container",
            assemble);
    Object parametersOfAll =
        object(
            "parameters",
            List.of(
                object("name", "repository"),
                object("name", "tag", "value", "latest"),
                object("name", "settings", "value", "")));
    return JsonText.indented(
        object(
            "apiVersion",
            "argoproj.io/v1alpha1",
            "kind",
            "Workflow",
            "metadata",
            object("generateName", "strata-"),
            "spec",
            object(
                "entrypoint",
                "image",
                "parallelism",
                PARALLEL,
                "arguments",
                parametersOfAll,
                "volumes",
                volumes(),
                "templates",
                List.of(
                    object("name", "image", "dag", object("tasks", tasks)),
                    layerTemplate,
                    assembleTemplate))));
  }

  /** A file whose content is a parameter. */
  private static Object raw(String name, String path, String parameter) {
    return object(
        "name",
        name,
        "path",
        path,
        "raw",
        object("data", "{{inputs.parameters." + parameter + "}}"));
  }

  private Object storeMount() {
    return object("name", "store", "mountPath", store, "readOnly", true);
  }

  private static Map<String, Object> container(String script, List<Object> mounts) {
    return object(
        "name",
        "strata",
        "image",
        IMAGE,
        "command",
        List.of("sh", "-c"),
        "args",
        List.of(script),
        "volumeMounts",
        mounts);
  }

  /** The paths, and the credentials of the registry if there are any. */
  private static List<Object> volumes() {
    List<Object> volumes = new ArrayList<>();
    volumes.add(
        object(
            "name",
            "store",
            "persistentVolumeClaim",
            object("claimName", "store", "readOnly", true)));
    volumes.add(
        object(
            "name",
            "auth",
            "secret",
            object(
                "secretName",
                "registry",
                "optional",
                true,
                "items",
                List.of(object("key", ".dockerconfigjson", "path", "config.json")))));
    return volumes;
  }

  private static Map<String, Object> object(Object... pairs) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      object.put((String) pairs[i], pairs[i + 1]);
    }
    return object;
  }
}
