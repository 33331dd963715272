package dev.strata.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.strata.closure.ClosureGraph;
import dev.strata.fixtures.ClosureGenerator;
import dev.strata.fixtures.ClosureProfile;
import dev.strata.fixtures.FileTrees;
import dev.strata.fixtures.GeneratedClosure;
import dev.strata.image.JsonFiles;
import dev.strata.layering.LayerPath;
import dev.strata.layering.LayerPlanner;
import dev.strata.layering.Perm;
import dev.strata.layering.Rewrite;
import dev.strata.testing.FileModes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class DeterminismIT {
  private static final int RUNS = 50;
  private static final List<String> LOCALES = List.of("en-US", "tr-TR", "ar-EG", "th-TH", "de-DE");
  private static final List<String> ZONES = List.of("UTC", "Asia/Kolkata", "America/St_Johns");

  private Path temporary;
  private Locale locale;
  private TimeZone zone;

  DeterminismIT() throws IOException {
    temporary = Files.createTempDirectory("strata-determinism").toRealPath();
    locale = Locale.getDefault();
    zone = TimeZone.getDefault();
  }

  @BeforeEach
  void rememberDefaults() {
    locale = Locale.getDefault();
    zone = TimeZone.getDefault();
  }

  @AfterEach
  void cleanUp() throws IOException {
    Locale.setDefault(locale);
    TimeZone.setDefault(zone);
    FileTrees.deleteRecursively(temporary);
  }

  @Test
  void fiftyRunsGiveOneResult() throws IOException {
    GeneratedClosure closure =
        ClosureGenerator.generate(ClosureProfile.S.scaled(0.4), temporary.resolve("closure"));
    List<String> order = ClosureGraph.read(closure.closureGraph()).byPopularity();
    Random random = new Random(50);
    String expected = null;
    for (int run = 0; run < RUNS; run++) {
      int jobs = 1 + random.nextInt(16);
      Locale.setDefault(Locale.forLanguageTag(LOCALES.get(run % LOCALES.size())));
      TimeZone.setDefault(TimeZone.getTimeZone(ZONES.get(run % ZONES.size())));
      String way = FileModes.all().get(random.nextInt(FileModes.all().size()));
      LayerPlanner planner = planner(closure.root(), order);

      List<Layer> layers =
          FileModes.with(
              way, () -> LayerBuilder.create().withJobs(jobs).build(planner.plan(order)));

      String json = JsonFiles.toJson(layers);
      assertEquals(8, layers.size());
      expected = expected == null ? json : expected;
      assertEquals(expected, json, () -> jobs + " workers, " + way + ", " + Locale.getDefault());
    }
  }

  /** Eight layers, renamed below the root and with an owner for some files. */
  private static LayerPlanner planner(Path root, List<String> order) {
    LayerPlanner planner = LayerPlanner.create().withMaxLayers(8);
    for (String path : order) {
      planner =
          planner
              .withRewrite(path, new Rewrite("^" + root, ""))
              .withPerm(
                  path,
                  Perm.of("\\.so|/bin/")
                      .withMode("0711")
                      .withOwner(7, 8)
                      .withOwnerNames("", "staff"));
    }
    return planner;
  }

  /** Another folder, made by another number of threads, is listed in another order. */
  @Test
  void theFolderAndItsOrderOnDiskDoNotCount() throws IOException {
    ClosureProfile profile = ClosureProfile.S.scaled(0.1);
    GeneratedClosure first = ClosureGenerator.generate(profile, temporary.resolve("first"));
    GeneratedClosure second =
        ClosureGenerator.generate(profile, temporary.resolve("elsewhere/second"));
    GeneratedClosure other =
        ClosureGenerator.generate(profile.withSeed(2), temporary.resolve("other"));

    assertEquals(digestBelowRoot(first), digestBelowRoot(second));
    assertNotEquals(digestBelowRoot(first), digestBelowRoot(other));
  }

  private static String digestBelowRoot(GeneratedClosure closure) {
    List<String> paths = closure.storePaths().stream().map(Path::toString).toList();
    List<List<LayerPath>> plan =
        planner(closure.root(), paths).withMaxLayers(1).plan(paths).stream()
            .map(DeterminismIT::withoutRules)
            .toList();
    return LayerBuilder.create().build(plan).getFirst().digest().value();
  }

  private static List<LayerPath> withoutRules(List<LayerPath> paths) {
    return paths.stream()
        .map(p ->
            new LayerPath(
                p.path(),
                new dev.strata.layering.PathOptions(
                    java.util.Objects.requireNonNull(p.options()).rewrite(), null)))
        .toList();
  }
}
