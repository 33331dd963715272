package dev.strata.cli.options;

import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.Context;
import dev.strata.transport.Transfer;
import dev.strata.transport.registry.RegistryLayers;

/** Options for the registry that has the base layers of an image.json file, if one has. */
public final class BaseLayers {
  private final CommonRegistryOptions registry;
  private final RegistryAccess access;

  public BaseLayers(Arguments arguments) {
    registry = new CommonRegistryOptions(arguments);
    access = RegistryAccess.ofSource(arguments);
  }

  /** Returns how to read such layers; to be closed when they have been read. */
  public RegistryLayers layers(Context context, Transfer.Listener listener) {
    return RegistryLayers.of(access.options(context, registry), listener);
  }
}
