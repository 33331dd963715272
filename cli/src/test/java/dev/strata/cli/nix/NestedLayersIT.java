package dev.strata.cli.nix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Layers that build on other layers are in the image once, however many layers refer to them. */
class NestedLayersIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final Nix nix = Nix.require();

  @Test
  void chainsOfLayersEvaluateInSeconds() {
    assertTimeoutPreemptively(SOON, () -> assertFalse(nix.text("chain40.drvPath").isEmpty()));
    // Two layers below each: 165 million ways to the lowest.
    assertTimeoutPreemptively(SOON, () -> assertFalse(nix.text("lattice40.drvPath").isEmpty()));
  }

  @Test
  void everyLayerOfAChainIsInTheImageOnceAndInOrder() {
    for (int length : new int[] {13, 40}) {
      Path image = nix.buildOne("chain" + length);
      String numbers =
          Nix.jq(
              image,
              "[.layers[] | select(.paths[0].path | test(\"-part-\"))"
                  + " | .paths[].path | sub(\".*-part-\"; \"\") | tonumber]"
                  + " == [range(1; "
                  + (length + 1)
                  + ")]");
      assertEquals("true", numbers);
    }
  }

  @Test
  void everyLayerOfALatticeIsInTheImageOnce() {
    Path image = nix.buildOne("lattice40");
    assertEquals("true", Nix.jq(image, "[.layers[].digest] | length == (unique | length)"));
    assertEquals(
        "40",
        Nix.jq(image, "[.layers[].paths[].path | select(test(\"-knot-\"))] | unique | length"));
  }
}
