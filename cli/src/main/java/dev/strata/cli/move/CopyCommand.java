package dev.strata.cli.move;

import dev.strata.DestinationSettings;
import dev.strata.SourceSettings;
import dev.strata.Transports;
import dev.strata.blob.Descriptor;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.Interruption;
import dev.strata.cli.command.UsageException;
import dev.strata.cli.options.CommandTimeout;
import dev.strata.cli.options.CommonRegistryOptions;
import dev.strata.cli.options.CopyReport;
import dev.strata.cli.options.IgnoredOptions;
import dev.strata.cli.options.Jobs;
import dev.strata.cli.options.ListReport;
import dev.strata.cli.options.MultiArchOptions;
import dev.strata.cli.options.Places;
import dev.strata.cli.options.ReportOptions;
import dev.strata.cli.options.SourceOptions;
import dev.strata.cli.options.WriteOptions;
import dev.strata.image.CopySource;
import dev.strata.io.FileNames;
import dev.strata.layer.SourceStamps;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Source;
import dev.strata.transport.folder.OciLayoutSource;
import dev.strata.transport.registry.RegistryOptions;
import dev.strata.transport.registry.RegistrySession;
import dev.strata.transport.registry.UnfinishedUploads;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Copies an image. */
public final class CopyCommand extends Command {
  private final Jobs jobs = new Jobs(arguments());
  private final CommonRegistryOptions registry = new CommonRegistryOptions(arguments());
  private final SourceOptions sourceOptions = new SourceOptions(arguments());
  private final WriteOptions writing = new WriteOptions(arguments());
  private final MultiArchOptions multiArch = new MultiArchOptions(arguments());
  private final IgnoredOptions ignored = new IgnoredOptions(arguments()).ofCopy(arguments());
  private final Argument<Boolean> blobsPresent =
      arguments().flag("Send no layer; fail unless the registry has them all", "--blobs-present");
  private final ReferrerOptions referrers = new ReferrerOptions(arguments());
  private final Argument<String> list =
      arguments().text("FILE", "Copy many images: SOURCE and DESTINATION on each line", "--list");
  private final Argument<String> resume =
      arguments()
          .text("FILE", "Continue the uploads in FILE, which notes unfinished ones", "--resume");
  private final ReportOptions report = new ReportOptions(arguments());
  private final CommandTimeout timeout = new CommandTimeout(arguments());
  private final Argument<String> source = arguments().parameter("SOURCE", "Image to copy");
  private final Argument<String> target = arguments().parameter("DESTINATION", "Where to copy it");

  /** The destinations of a list of copies. */
  private volatile List<ImageLocation> listed = List.of();

  /** Whether the source has been read, so that a failure may be one of either side. */
  private volatile boolean opened;

  private final Map<String, OciLayoutSource> layouts = new ConcurrentHashMap<>();

  public CopyCommand() {
    super(
        "copy",
        "Copy an image to a registry, archive, folder or daemon.",
        "",
        "SOURCE is an image.json file, or one of:",
        "  nix:FILE  docker://NAME  dir:DIR  oci:DIR[:TAG]  oci-archive:FILE[:TAG]",
        "  docker-archive:FILE[:NAME]  docker-daemon:NAME  containers-storage:NAME",
        "",
        "DESTINATION is one of:",
        "  docker://NAME  docker-daemon:NAME  containers-storage:NAME  dir:DIR",
        "  oci:DIR[:TAG]  oci-archive:FILE[:TAG]  docker-archive:FILE[:NAME]",
        "",
        "With --list, both are read from a file instead, with a line for each image.");
    arguments().acceptEmptyPaths();
    arguments().parametersReplacedBy(list);
    daily(
        "--all",
        "--format",
        "--dest-compress-format",
        "--additional-tag",
        "--authfile",
        "--tls-verify",
        "--src-creds",
        "--dest-creds",
        "--referrers",
        "--attach-sbom",
        "--list",
        "--digestfile",
        "--json",
        "--quiet");
    footer(
        "Examples:",
        "  strata copy image.json docker://localhost:5000/app:1.0",
        "  strata copy --dest-compress-format zstd image.json oci:app:1.0",
        "  strata copy docker://alpine:3.20 docker-archive:alpine.tar:alpine:3.20",
        "  strata copy --list images.txt",
        "  strata copy --all --referrers docker://alpine:3.20 oci:mirror:alpine");
    sortOptions();
  }

  @Override
  public int run(Context context) throws InterruptedException {
    ignored.check();
    writing.check();
    return timeout.run(() -> list.get() != null ? copyAll(context) : copyOne(context));
  }

  private int copyOne(Context context) throws InterruptedException {
    ImageLocation from = Places.source(source.required());
    ImageLocation to = Places.destination(target.required());
    Places.checkTerminal(to, context);
    check(from, to);
    if (resume.get() != null && !(to instanceof ImageLocation.Registry)) {
      throw new UsageException("--resume requires a docker:// destination");
    }
    UnfinishedUploads uploads = uploads();
    DestinationSettings settings = destination(context, uploads);
    Interruption.begin();
    try (CopyReport progress = report.start(context)) {
      SourceSettings reading = sourceOptions.settings(context, registry, jobs.count(), progress);
      Descriptor manifest = copy(context, from, to, reading, settings, progress);
      writing.writeDigest(manifest);
      finish(uploads);
      progress.done(target.required(), manifest);
    }
    return ExitCode.SUCCESS;
  }

  private int copyAll(Context context) {
    if (source.get() != null) {
      throw new UsageException("--list cannot be combined with SOURCE and DESTINATION");
    }
    writing.checkForList();
    List<CopyList.Entry> entries = CopyList.read(list.required(), this::check);
    listed = entries.stream().map(CopyList.Entry::to).toList();
    UnfinishedUploads uploads = uploads();
    DestinationSettings settings = destination(context, uploads);
    Interruption.begin();
    ListReport all = report.startList(context, entries.size());
    try (RegistrySession session = RegistrySession.open(CopyReport.SILENT)) {
      SourceSettings reading =
          sourceOptions.settings(context, registry, jobs.count(), CopyReport.SILENT);
      SourceSettings shared = reading.withRegistry(reading.registry().withSession(session));
      DestinationSettings target = settings.withRegistry(settings.registry().withSession(session));
      new ListedCopies(
              all,
              this,
              (entry, progress) ->
                  progress.done(
                      entry.target(),
                      copy(
                          context,
                          entry.from(),
                          entry.to(),
                          shared.withListener(progress),
                          target,
                          progress)))
          .run(entries);
      if (!all.finish()) {
        return ExitCode.FAILURE;
      }
      finish(uploads);
    }
    return ExitCode.SUCCESS;
  }

  /** Returns the uploads that earlier runs have not finished; null if they are not noted. */
  private @Nullable UnfinishedUploads uploads() {
    String file = resume.get();
    return file == null ? null : UnfinishedUploads.in(FileNames.path(file));
  }

  private DestinationSettings destination(Context context, @Nullable UnfinishedUploads uploads) {
    DestinationSettings settings = writing.settings(context, registry);
    RegistryOptions options = settings.registry().withLayersPresent(blobsPresent.isSet());
    return settings.withRegistry(
        uploads == null ? options : options.withUnfinishedUploads(uploads));
  }

  private static void finish(@Nullable UnfinishedUploads uploads) {
    if (uploads != null) {
      uploads.finish();
    }
  }

  private void check(ImageLocation from, ImageLocation to) {
    writing.check(to);
    if (blobsPresent.isSet() && !(to instanceof ImageLocation.Registry)) {
      throw new UsageException("--blobs-present requires a docker:// destination");
    }
    referrers.check(from, to);
  }

  /** Returns a source; the images of a list that are in one layout share it. */
  private Source source(ImageLocation from, SourceSettings reading) {
    if (list.get() == null || !(from instanceof ImageLocation.OciDirectory oci)) {
      return Transports.source(from, reading);
    }
    OciLayoutSource known = layouts.get(oci.directory());
    if (known == null) {
      OciLayoutSource created = OciLayoutSource.at(FileNames.path(oci.directory()));
      OciLayoutSource other = layouts.putIfAbsent(oci.directory(), created);
      known = other == null ? created : other;
    }
    return known.withTag(oci.tag());
  }

  private Descriptor copy(
      Context context,
      ImageLocation from,
      ImageLocation to,
      SourceSettings reading,
      DestinationSettings settings,
      CopyReport progress)
      throws InterruptedException {
    try (Source input = source(from, reading)) {
      PlatformChoice choice = multiArch.choice(from, to);
      CopySource image = input.open(choice);
      opened = true;
      if (from instanceof ImageLocation.Nix) {
        // Elsewhere, the descriptor of a layer may require that the layer is read.
        SourceStamps.check(image.allBlobs());
      }
      Descriptor manifest =
          writing.write(context, settings, image, from, to, jobs.count(), progress);
      return referrers.areUsed()
          ? new CopiedReferrers(from, reading, to, settings, choice, progress)
              .finish(
                  image,
                  manifest,
                  referrers,
                  new GeneratedSboms(context, referrers.closureGraph(), jobs.count(), from, to))
          : manifest;
    }
  }

  @Override
  public void failed(Context context, Throwable error, String message) {
    report.failed(context, error, message, opened ? null : source.get());
  }

  @Override
  public String advice() {
    String file = resume.get();
    return file != null && Files.exists(FileNames.path(file))
        ? "run the command again to continue its uploads"
        : "";
  }

  @Override
  public boolean writesTo(String place) {
    String to = target.get();
    return to == null
        ? listed.stream().anyMatch(listedPlace -> isAt(listedPlace, place))
        : isAt(Places.parse(to), place);
  }

  private static boolean isAt(ImageLocation location, String place) {
    return location instanceof ImageLocation.Registry image
        && image.reference().toString().equals(place);
  }
}
