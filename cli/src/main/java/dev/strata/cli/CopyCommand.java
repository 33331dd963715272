package dev.strata.cli;

import dev.strata.destination.CompressedLayers;
import dev.strata.destination.ContainersStorage;
import dev.strata.destination.CopySource;
import dev.strata.destination.DaemonDestination;
import dev.strata.destination.Destination;
import dev.strata.destination.DockerArchive;
import dev.strata.destination.ImageBlobs;
import dev.strata.destination.ImageLocation;
import dev.strata.destination.IndexBlobs;
import dev.strata.destination.ManifestFormat;
import dev.strata.destination.OciArchive;
import dev.strata.destination.OciLayout;
import dev.strata.destination.Reference;
import dev.strata.destination.SkopeoDirectory;
import dev.strata.destination.Transfer;
import dev.strata.destination.registry.RegistryDestination;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.io.StrataException;
import dev.strata.layer.CompressCache;
import dev.strata.layer.Compression;
import dev.strata.layer.Compressor;
import dev.strata.layer.Descriptor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Moves an image. */
@Command(
    name = "copy",
    description =
        "Copy an image to a registry, an archive, a folder or a daemon, by Skopeo's names for"
            + " places.",
    mixinStandardHelpOptions = true)
final class CopyCommand implements Callable<Integer> {
  private final Context context;

  @Mixin private JobsOption jobs;
  @Mixin private CommonRegistryOptions registry;
  @Mixin private SourceOptions sourceOptions;
  @Mixin private DestinationOptions destinationOptions;
  @Mixin private PlatformOptions platform;
  @Mixin private IgnoredOptions ignored;
  @Mixin private ReportOptions report;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      defaultValue = "6",
      description = "How many layers to move at once (default: ${DEFAULT-VALUE}).")
  private int parallel;

  @Option(
      names = "--additional-tag",
      paramLabel = "TAG",
      description = "Another tag, or name with a tag, for the same image; repeatable.")
  private List<String> additionalTags = new ArrayList<>();

  @Option(
      names = {"-f", "--format"},
      paramLabel = "FORMAT",
      description = "The manifest's format: oci or v2s2 (default: the source's).")
  private @Nullable String format;

  @Option(
      names = {"-a", "--all"},
      description = "Copy all images of an index.")
  private boolean all;

  @Option(
      names = "--multi-arch",
      paramLabel = "system|all",
      description = "Which images of an index to copy.")
  private @Nullable String multiArch;

  @Option(
      names = "--dest-compress-format",
      paramLabel = "FORMAT",
      description = "How to compress layers: none, gzip or zstd (default: none).")
  private @Nullable String compressFormat;

  @Option(
      names = "--dest-compress-level",
      paramLabel = "N",
      description = "How hard to compress: 1 to 9 for gzip, 1 to 19 for zstd.")
  private @Nullable Integer compressLevel;

  @Option(
      names = "--dest-compress",
      description = "Compress layers, by gzip unless told otherwise.")
  private boolean compress;

  @Option(
      names = "--dest-daemon-host",
      paramLabel = "HOST",
      description =
          "The Docker daemon, such as unix:///var/run/docker.sock (default: DOCKER_HOST).")
  private @Nullable String daemonHost;

  @Option(
      names = "--digestfile",
      paramLabel = "FILE",
      description = "A file to write the manifest's digest to.")
  private @Nullable String digestFile;

  @Parameters(
      index = "0",
      paramLabel = "SOURCE",
      description =
          "An image.json file, or a place: nix:, docker://, oci:, oci-archive:, docker-archive:,"
              + " dir:.")
  private String source = "";

  @Parameters(
      index = "1",
      paramLabel = "DESTINATION",
      description =
          "A place: docker://, docker-daemon:, containers-storage:, oci:, oci-archive:,"
              + " docker-archive:, dir:.")
  private String target = "";

  CopyCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    ignored.check();
    ImageLocation from = ImageLocation.parseSource(source);
    ImageLocation to = ImageLocation.parse(target);
    try (CopyReport progress = report.start(context)) {
      Descriptor manifest;
      try (ImageInput input =
          ImageInput.open(
              from,
              wantsAll() ? null : platform.platform(),
              jobs.count(),
              sourceOptions.options(context, registry),
              progress)) {
        manifest = write(input.image(), destination(to), new Transfer(parallel, progress));
      }
      if (digestFile != null) {
        OutputFile.write(
            FileNames.path(digestFile),
            manifest.digest().value().getBytes(StandardCharsets.US_ASCII));
      }
      progress.done(target, manifest);
    }
    return 0;
  }

  private boolean wantsAll() {
    if (multiArch == null || multiArch.equals("system")) {
      return all;
    }
    if (!multiArch.equals("all")) {
      throw new StrataException("--multi-arch is '" + multiArch + "': give system or all");
    }
    return true;
  }

  private Descriptor write(CopySource image, Destination destination, Transfer transfer) {
    UnaryOperator<ImageBlobs> compression = compression();
    ManifestFormat wanted =
        format == null || format.isEmpty() ? null : ManifestFormat.parse(format);
    return switch (image) {
      case CopySource.Single single -> {
        ImageBlobs packed = compression.apply(single.image());
        yield destination.write(wanted == null ? packed : packed.withFormat(wanted), transfer);
      }
      case CopySource.Several several -> {
        IndexBlobs packed = several.index().withImages(compression);
        yield destination.writeIndex(wanted == null ? packed : packed.withFormat(wanted), transfer);
      }
    };
  }

  /** What becomes of the layers of each image on its way. */
  private UnaryOperator<ImageBlobs> compression() {
    boolean wanted = compress || compressFormat != null || compressLevel != null;
    Compression compression =
        !wanted
            ? Compression.NONE
            : compressFormat == null ? Compression.GZIP : Compression.parse(compressFormat);
    Compressor compressor =
        Compressor.of(
            compression,
            compressLevel == null ? compression.defaultLevel() : compressLevel,
            jobs.count(),
            CompressCache.ofUser(context.environment()));
    return image ->
        compression == Compression.NONE ? image : CompressedLayers.of(image, compressor);
  }

  private Destination destination(ImageLocation to) {
    return switch (to) {
      case ImageLocation.Registry r ->
          RegistryDestination.of(r.reference(), destinationOptions.options(context, registry))
              .withAdditionalTags(
                  additionalTags.stream().map(t -> tagOf(t, r.reference())).toList());
      case ImageLocation.OciDirectory oci ->
          OciLayout.at(FileNames.path(oci.directory())).withTags(names(oci.tag()));
      case ImageLocation.OciArchive oci -> OciArchive.to(oci.file(), names(oci.tag()));
      case ImageLocation.DockerArchive docker ->
          DockerArchive.to(
              docker.file(), names(docker.name()).stream().map(Reference::parse).toList());
      case ImageLocation.Directory dir -> SkopeoDirectory.at(FileNames.path(dir.path()));
      case ImageLocation.Nix _ ->
          throw new StrataException("cannot copy to nix:, it is only read: choose another place");
      case ImageLocation.DockerDaemon daemon ->
          DaemonDestination.at(
              daemonHost == null ? context.environment().get("DOCKER_HOST") : daemonHost,
              names(daemon.name()).stream().map(Reference::parse).toList());
      case ImageLocation.ContainersStorage storage -> ContainersStorage.at(names(storage.name()));
    };
  }

  private List<String> names(@Nullable String first) {
    List<String> names = new ArrayList<>();
    if (first != null) {
      names.add(first);
    }
    names.addAll(additionalTags);
    return names;
  }

  /** The tag of an additional name, which may be given in full as for Skopeo. */
  private static String tagOf(String text, Reference image) {
    if (text.indexOf(':') < 0 && text.indexOf('/') < 0) {
      return text;
    }
    Reference other = Reference.parse(text);
    boolean same =
        other.registry().equals(image.registry())
            && other.repository().equals(image.repository())
            && other.tag() != null;
    if (!same) {
      throw new StrataException(
          "the additional tag '"
              + text
              + "' names another image than "
              + image
              + ": give a tag alone, or copy again");
    }
    return String.valueOf(other.tag());
  }
}
