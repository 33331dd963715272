package dev.strata;

import dev.strata.image.CopySource;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.NixSource;
import dev.strata.transport.Source;
import dev.strata.transport.registry.RegistryLayers;

/** An image.json file as a source, together with the registries that layers of it lie in. */
final class ImageFileSource implements Source {
  private final NixSource file;
  private final RegistryLayers registries;

  ImageFileSource(NixSource file, RegistryLayers registries) {
    this.file = file;
    this.registries = registries;
  }

  @Override
  public CopySource open(PlatformChoice choice) {
    return registries.in(file.open(choice));
  }

  @Override
  public void close() {
    registries.close();
  }
}
