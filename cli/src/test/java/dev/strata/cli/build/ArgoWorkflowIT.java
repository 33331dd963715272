package dev.strata.cli.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.layering.LayerPath;
import dev.strata.oci.History;
import dev.strata.testing.Tools;
import dev.strata.transport.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The workflow conforms to the types that an npm package derives from Argo's sources. The compiler
 * of TypeScript checks it against them: it knows which fields each object must and can have.
 */
final class ArgoWorkflowIT {
  private static final String[] PACKAGES = {
    "@kubernetes-models/argo-workflows@2.0.0", "typescript@5.9.3"
  };
  private static final String START =
      """
      import type { IWorkflow } from "@kubernetes-models/argo-workflows/argoproj.io/v1alpha1/Workflow";
      export const workflow: IWorkflow =
      """;

  @TempDir private Path folder;

  private Programs.Result run(String... command) {
    return Programs.run(folder, Map.of(), command);
  }

  private Programs.Result check(String workflow) throws IOException {
    Files.writeString(folder.resolve("workflow.ts"), START + workflow);
    String compiler = "node_modules/typescript/bin/tsc";
    return run(
        "node",
        compiler,
        "--noEmit",
        "--strict",
        "--skipLibCheck",
        "--module",
        "nodenext",
        "workflow.ts");
  }

  @Test
  void theWorkflowConformsToTheTypesOfArgo() throws IOException {
    Tools.require("npm", "node");
    Files.writeString(folder.resolve("package.json"), "{\"private\": true, \"type\": \"module\"}");
    String[] install = {"npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "", ""};
    System.arraycopy(PACKAGES, 0, install, install.length - PACKAGES.length, PACKAGES.length);
    run(install).ok();
    PlanFolder plans = new PlanFolder(folder.resolve("plan"));
    List<List<LayerPath>> layers =
        List.of(
            List.of(new LayerPath("/nix/store/a", null), new LayerPath("/nix/store/b", null)),
            List.of(new LayerPath("/nix/store/c", null)),
            List.of(new LayerPath("/nix/store/d", null)));
    plans.emit("argo", plans.write(layers, History.EMPTY, 2), "/nix/store");
    String workflow = Files.readString(folder.resolve("plan/workflow.json"));
    Programs.Result result = check(workflow);
    assertEquals(0, result.exitCode(), result.out() + result.err());
    // Each mistake would be noticed.
    for (String field : List.of("retryStrategy", "mountPath", "valueFrom", "entrypoint")) {
      String mistaken = workflow.replace("\"" + field + "\"", "\"" + field + "s\"");
      assertNotEquals(workflow, mistaken);
      assertTrue(check(mistaken).out().contains(field + "s"), field);
    }
  }
}
