package dev.strata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.io.InvalidInputException;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.archive.DockerArchive;
import dev.strata.transport.archive.DockerArchiveSource;
import dev.strata.transport.archive.OciArchive;
import dev.strata.transport.archive.OciArchiveSource;
import dev.strata.transport.daemon.ContainersStorage;
import dev.strata.transport.daemon.ContainersStorageSource;
import dev.strata.transport.daemon.DaemonDestination;
import dev.strata.transport.daemon.DaemonSource;
import dev.strata.transport.folder.OciLayout;
import dev.strata.transport.folder.OciLayoutSource;
import dev.strata.transport.folder.SkopeoDirectory;
import dev.strata.transport.folder.SkopeoDirectorySource;
import dev.strata.transport.registry.RegistryDestination;
import dev.strata.transport.registry.RegistryOptions;
import dev.strata.transport.registry.RegistrySource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TransportsTest {
  private static final SourceSettings SOURCE = SourceSettings.of(RegistryOptions.of(Map.of()));
  private static final DestinationSettings DESTINATION =
      DestinationSettings.of(RegistryOptions.of(Map.of()));

  static Stream<Arguments> sources() {
    return Stream.of(
        Arguments.of("nix:image.json", ImageFileSource.class),
        Arguments.of("docker://registry.example.org/a:1", RegistrySource.class),
        Arguments.of("oci:folder:1", OciLayoutSource.class),
        Arguments.of("dir:folder", SkopeoDirectorySource.class),
        Arguments.of("oci-archive:file:1", OciArchiveSource.class),
        Arguments.of("docker-archive:file:a:1", DockerArchiveSource.class),
        Arguments.of("docker-daemon:a:1", DaemonSource.class),
        Arguments.of("containers-storage:a:1", ContainersStorageSource.class));
  }

  static Stream<Arguments> destinations() {
    return Stream.of(
        Arguments.of("docker://registry.example.org/a:1", RegistryDestination.class),
        Arguments.of("oci:folder:1", OciLayout.class),
        Arguments.of("dir:folder", SkopeoDirectory.class),
        Arguments.of("oci-archive:-", OciArchive.class),
        Arguments.of("docker-archive:file:a:1", DockerArchive.class),
        Arguments.of("docker-daemon:a:1", DaemonDestination.class),
        Arguments.of("containers-storage:a:1", ContainersStorage.class));
  }

  @ParameterizedTest
  @MethodSource("sources")
  void choosesTheSourceByTransport(String place, Class<?> type) {
    try (var source = Transports.source(ImageLocation.parse(place), SOURCE)) {
      assertEquals(type, source.getClass());
    }
  }

  @ParameterizedTest
  @MethodSource("destinations")
  void choosesTheDestinationByTransport(String place, Class<?> type) {
    assertEquals(type, Transports.destination(ImageLocation.parse(place), DESTINATION).getClass());
  }

  @ParameterizedTest
  @ValueSource(strings = {"@-1", "@", "@x", "@12345678901"})
  void refusesWhatIsNotAPositionInAnArchive(String position) {
    ImageLocation place = ImageLocation.parse("docker-archive:a.tar:" + position);
    InvalidInputException failure =
        assertThrows(InvalidInputException.class, () -> Transports.source(place, SOURCE));
    assertTrue(
        String.valueOf(failure.getMessage()).startsWith("invalid position '" + position + "'"),
        failure.getMessage());
  }

  @Test
  void refusesToWriteAnImageJsonFile() {
    ImageLocation nix = ImageLocation.parse("nix:image.json");
    assertThrows(InvalidInputException.class, () -> Transports.destination(nix, DESTINATION));
  }

  @Test
  void takesFullNamesAsAdditionalTagsOfTheSameRepositoryOnly() {
    ImageLocation image = ImageLocation.parse("docker://registry.example.org/a:1");
    DestinationSettings same =
        DESTINATION.withAdditionalTags(List.of("2", "registry.example.org/a:3"));
    assertTrue(Transports.destination(image, same) instanceof RegistryDestination);
    DestinationSettings other = DESTINATION.withAdditionalTags(List.of("registry.example.org/b:2"));
    assertThrows(InvalidInputException.class, () -> Transports.destination(image, other));
  }
}
