package dev.strata.cli.demo;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.ImageBuild;
import dev.strata.cli.command.ProgramName;
import dev.strata.cli.command.TemporaryFolder;
import dev.strata.cli.options.Jobs;
import dev.strata.cli.terminal.Sizes;
import dev.strata.cli.terminal.Table;
import dev.strata.fixtures.ClosureProfile;
import dev.strata.io.StrataException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Builds and verifies a sample image. */
public final class DemoCommand extends Command {
  private final Argument<Boolean> keep =
      arguments().flag("Keep the sample and the image", "--keep");
  private final Jobs jobs = new Jobs(arguments());

  public DemoCommand() {
    super(
        "demo",
        "Build and verify a sample image in a temporary folder.",
        "",
        "The demo generates a closure of about 300 MB, builds its layers, writes the image as an"
            + " OCI layout, and verifies it. It needs about 700 MB in TMPDIR (default: /tmp), and"
            + " removes its files at the end.");
    footer("Examples:", "  strata demo", "  strata demo --keep");
  }

  @Override
  public int run(Context context) throws InterruptedException {
    try (TemporaryFolder folder = TemporaryFolder.create(context.environment(), keep.isSet())) {
      show(context, folder);
      return ExitCode.SUCCESS;
    }
  }

  private void show(Context context, TemporaryFolder folder) throws InterruptedException {
    PrintWriter out = context.out();
    out.println("Strata demo in " + folder.path());
    out.println();
    Demo demo = new Demo(context, folder.path(), ClosureProfile.DEMO, jobs.count(), folder::ending);
    try {
      printOutcome(out, demo.run());
    } catch (StrataException e) {
      // A failure because the process is ending is not worth a message.
      throw folder.ending() ? new CancellationException() : e;
    }
    String program = ProgramName.of(context.environment());
    out.println();
    printNext(out, keep.isSet() ? nextInFolder(program, folder.path()) : nextAnywhere(program));
  }

  private static void printOutcome(PrintWriter out, Demo.Outcome outcome) {
    ImageBuild.Result build = outcome.build();
    long largest =
        build.image().layers().stream().mapToLong(l -> l.size().orElse(0)).max().orElse(0);
    out.println();
    new Table("ll")
        .row(
            "layers",
            Sizes.count(build.image().layers().size()) + ", the largest " + Sizes.bytes(largest))
        .row("entries", Sizes.count(build.entries()) + " (files, folders and links)")
        .row("bytes", Sizes.count(build.bytes()))
        .row("build time", Sizes.seconds(build.nanos()))
        .row("throughput", Sizes.gigabytesPerSecond(build.bytes(), build.nanos()))
        .row("config digest", build.configDigest() + " (the same on every machine)")
        .row(
            "verified",
            "the digests of "
                + Sizes.count(outcome.verified().blobs(), "blob")
                + " and "
                + Sizes.count(outcome.entries(), "tar entry"))
        .print(out);
  }

  private static List<String[]> nextAnywhere(String program) {
    return List.of(
        new String[] {program + " demo --keep", "run the demo again and keep its files"},
        new String[] {
          program + " build /usr/share/doc -o image.json", "build an image of any folder"
        },
        new String[] {
          program + " tar image.json --layer 0 | tar tv | head", "list the contents of its layer"
        });
  }

  private static List<String[]> nextInFolder(String program, Path folder) {
    return List.of(
        new String[] {
          program + " tar " + folder + "/image.json --layer 0 | tar tv | head",
          "list the contents of a layer"
        },
        new String[] {
          program + " build --closure-graph " + folder + "/closure-graph.json --max-layers 5",
          "build the image again with 5 layers"
        },
        new String[] {
          "chmod -R u+w " + folder + " && rm -r " + folder, "remove the sample and the image"
        });
  }

  private static void printNext(PrintWriter out, List<String[]> commands) {
    out.println("Try next:");
    for (String[] command : commands) {
      out.println("  " + command[0]);
      out.println("      " + command[1]);
    }
  }
}
