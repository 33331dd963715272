package dev.strata.cli;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.UsageException;

/** Prints the completion script of a shell. */
final class CompletionCommand extends Command {
  private final Argument<String> shell =
      arguments().parameter("SHELL", "bash, zsh or fish").suggest("bash", "zsh", "fish");

  CompletionCommand() {
    super(
        "completion",
        "Print a shell completion script.",
        "",
        "The examples enable completion in the current shell. To enable it permanently, add the"
            + " line to ~/.bashrc, ~/.zshrc or ~/.config/fish/config.fish.");
    footer(
        "Examples:",
        "  source <(strata completion bash)",
        "  source <(strata completion zsh)",
        "  strata completion fish | source");
  }

  @Override
  public int run(Context context) {
    String script =
        switch (shell.required()) {
          case "bash", "zsh", "fish" -> HelpText.ofShell(shell.required());
          default ->
              throw new UsageException(
                  "unknown shell '" + shell.required() + "'; use bash, zsh or fish");
        };
    HelpText.print(script, context.out());
    return ExitCode.SUCCESS;
  }
}
