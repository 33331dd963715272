package dev.strata.cli.build;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;

/** Writes permission rules with the modes and owners of an unpacked tar. */
public final class TarPermsCommand extends Command {
  private final Argument<String> output =
      arguments().text("FILE", "Output file (default: standard output)", "-o", "--output");
  private final Argument<String> tar =
      arguments().parameter("TAR", "Tar file, plain or compressed with gzip");
  private final Argument<String> path =
      arguments().parameter("PATH", "Path that contains the unpacked members");

  public TarPermsCommand() {
    super(
        "tar-perms",
        "Write permission rules for the members of a tar file.",
        "",
        "A store path keeps neither modes nor owners. Unpack a tar that was made under fakeroot to"
            + " PATH and use the rules with --perms: the layer has the modes and owners again.");
    footer("Example:", "  strata tar-perms root.tar /nix/store/...-root -o perms.json");
  }

  @Override
  public int run(Context context) {
    String json = TarPerms.read(FileNames.path(tar.required()), path.required()).toJson();
    String file = output.orElse("-");
    if (file.equals("-")) {
      context.out().print(json);
    } else {
      OutputFile.write(FileNames.path(file), FileNames.encode(json));
    }
    return ExitCode.SUCCESS;
  }
}
