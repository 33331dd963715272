package dev.strata.cli.build;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.io.FileNames;
import dev.strata.layer.WitnessWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The option of commands that build layers to record what is in them. */
final class WitnessOption {
  private final Argument<String> file;

  WitnessOption(Arguments arguments) {
    file = arguments.text("FILE", "Record the files of the layers here, for 'verify'", "--witness");
  }

  /** Checks that the file is not in a folder that is added to the image. */
  void check(List<String> added) {
    String name = file.get();
    if (name != null) {
      OutputPlace.check(name, "--witness", added);
    }
  }

  /** Opens the file; null if none is wanted. */
  @Nullable WitnessWriter open() {
    String name = file.get();
    return name == null ? null : WitnessWriter.create(FileNames.path(name));
  }
}
