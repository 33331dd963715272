package dev.strata.oci;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ImageConfigTest {
  private static final Healthcheck CHECK = new Healthcheck(List.of("NONE"), 0, 0, 0, 0, 0);
  private static final ImageConfig BASE =
      ImageConfig.builder()
          .user("base")
          .exposedPorts(List.of("80/tcp"))
          .env(List.of("PATH=/base", "HOME=/base", "FLAG"))
          .entrypoint(List.of("/entry"))
          .cmd(List.of("argument"))
          .volumes(List.of("/data"))
          .workingDir("/base")
          .labels(Map.of("from", "base", "base", "yes"))
          .stopSignal("TERM")
          .argsEscaped(true)
          .healthcheck(CHECK)
          .onBuild(List.of("RUN x"))
          .shell(List.of("/bin/sh"))
          .build();

  @Test
  void keepsTheVariablesOfABaseInTheirPlaceAndReplacesTheirValues() {
    ImageConfig own =
        ImageConfig.builder().env(List.of("NEW=1", "HOME=/own", "NEW=2")).user("own").build();

    assertEquals(
        own.toBuilder().env(List.of("PATH=/base", "HOME=/own", "FLAG", "NEW=2")).build(),
        own.withEnvOf(BASE));
  }

  @Test
  void inheritsWhatIsNotSetExceptOnBuild() {
    assertEquals(BASE.toBuilder().onBuild(List.of()).build(), ImageConfig.EMPTY.inheriting(BASE));
  }

  @Test
  void keepsItsOwnSettingsAndMergesVariablesAndLabels() {
    ImageConfig own =
        ImageConfig.builder()
            .user("own")
            .exposedPorts(List.of("443/tcp"))
            .env(List.of("HOME=/own"))
            .entrypoint(List.of("/own"))
            .cmd(List.of("own"))
            .volumes(List.of("/own"))
            .workingDir("/own")
            .labels(Map.of("from", "own"))
            .stopSignal("INT")
            .healthcheck(new Healthcheck(List.of("CMD", "/own"), 1, 0, 0, 0, 0))
            .onBuild(List.of("RUN own"))
            .shell(List.of("/own"))
            .build();

    assertEquals(
        own.toBuilder()
            .env(List.of("PATH=/base", "HOME=/own", "FLAG"))
            .labels(Map.of("from", "own", "base", "yes"))
            .build(),
        own.inheriting(BASE));
  }

  @Test
  void dropsTheCommandOfTheBaseWithItsEntryPointOnly() {
    ImageConfig entry = ImageConfig.builder().entrypoint(List.of("/own")).build();
    ImageConfig command = ImageConfig.builder().cmd(List.of("own")).build();

    assertEquals(List.of(), entry.inheriting(BASE).cmd());
    assertEquals(List.of("/entry"), command.inheriting(BASE).entrypoint());
    assertEquals(List.of("own"), command.inheriting(BASE).cmd());
  }
}
