package dev.strata.cli.look;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;

/** Writes permission rules that give an unpacked tar the modes and owners it had. */
public final class TarPermsCommand extends Command {
  private final Argument<String> output =
      arguments()
          .text(
              "FILE", "Write the rules to this file (default: standard output).", "-o", "--output");
  private final Argument<String> tar =
      arguments().parameter("TAR", "A tar file, perhaps compressed by gzip.");
  private final Argument<String> path =
      arguments().parameter("PATH", "The path that has the unpacked members.");

  public TarPermsCommand() {
    super(
        "tar-perms",
        "Write permission rules with the modes and owners of a tar's members.",
        "",
        "A store path keeps neither, so what was made under fakeroot travels as a tar. Unpack it"
            + " to a path and give the rules to --perms, and the layer has both again.");
    footer("Example:", "  strata tar-perms root.tar /nix/store/…-root -o perms.json");
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
