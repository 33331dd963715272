package dev.strata.cli;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.UsageException;

/** Prints a script that teaches a shell to complete commands and options. */
final class CompletionCommand extends Command {
  private final Argument<String> shell =
      arguments().parameter("SHELL", "The shell: bash, zsh or fish.");

  CompletionCommand() {
    super("completion", "Print a script that completes commands and options in a shell.");
    footer(
        "To have it in this shell:",
        "  bash, zsh:  source <(strata completion bash)",
        "  fish:       strata completion fish | source",
        "For every shell to have it, add that line to ~/.bashrc or ~/.zshrc, or to",
        "~/.config/fish/config.fish.");
  }

  @Override
  public int run(Context context) {
    String script =
        switch (shell.required()) {
          case "bash", "zsh" -> HelpText.ofShell("bash");
          case "fish" -> HelpText.ofShell("fish");
          default ->
              throw new UsageException(
                  "no completion for the shell '" + shell.required() + "': give bash, zsh or fish");
        };
    HelpText.print(script, context.out());
    return ExitCode.SUCCESS;
  }
}
