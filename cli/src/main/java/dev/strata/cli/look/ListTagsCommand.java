package dev.strata.cli.look;

import dev.strata.Transports;
import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Command;
import dev.strata.cli.command.Context;
import dev.strata.cli.command.ExitCode;
import dev.strata.cli.command.UsageException;
import dev.strata.cli.options.CommandTimeout;
import dev.strata.cli.options.CommonRegistryOptions;
import dev.strata.cli.options.CopyReport;
import dev.strata.cli.options.IgnoredOptions;
import dev.strata.cli.options.Places;
import dev.strata.cli.options.PlatformOptions;
import dev.strata.cli.options.SourceOptions;
import dev.strata.cli.terminal.JsonText;
import dev.strata.io.FileNames;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Source;
import dev.strata.transport.archive.DockerArchiveSource;
import dev.strata.transport.registry.RegistrySource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lists the tags of a repository, or the names in an archive, as Skopeo does. */
public final class ListTagsCommand extends Command {
  private final CommonRegistryOptions registry = new CommonRegistryOptions(arguments());
  private final SourceOptions sourceOptions = new SourceOptions(arguments());
  private final CommandTimeout timeout = new CommandTimeout(arguments());
  private final IgnoredOptions ignored = new IgnoredOptions(arguments());
  private final Argument<String> place =
      arguments().parameter("REPOSITORY", "docker://NAME without a tag, or docker-archive:FILE");

  public ListTagsCommand() {
    super("list-tags", "List the tags of a repository, or the names in an archive, as JSON.");
    arguments().acceptEmptyPaths();
    daily("--authfile", "--src-creds", "--tls-verify");
    footer(
        "Examples:",
        "  strata list-tags docker://alpine",
        "  strata list-tags docker-archive:images.tar");
    // Options that Skopeo has for every command; they change nothing here.
    PlatformOptions.accept(arguments());
    sortOptions();
  }

  @Override
  public int run(Context context) throws InterruptedException {
    ignored.check();
    return timeout.run(() -> list(context));
  }

  private int list(Context context) {
    ImageLocation location = Places.parse(place.required());
    checkWithoutTag(location);
    Map<String, Object> json = new LinkedHashMap<>();
    String name = RepositoryName.of(location);
    if (!name.isEmpty()) {
      json.put("Repository", name);
    }
    json.put("Tags", tags(context, location));
    context.out().println(JsonText.spaced(json));
    context.out().flush();
    return ExitCode.SUCCESS;
  }

  private void checkWithoutTag(ImageLocation location) {
    String given = place.required();
    String last = given.substring(given.lastIndexOf('/') + 1);
    boolean named =
        location instanceof ImageLocation.Registry
            ? last.indexOf(':') >= 0 || last.indexOf('@') >= 0
            : location instanceof ImageLocation.DockerArchive archive && archive.name() != null;
    if (named) {
      throw new UsageException(
          "cannot list the tags of "
              + FileNames.quote(given)
              + ": it names an image; leave out the tag or digest");
    }
  }

  private List<String> tags(Context context, ImageLocation location) {
    if (location instanceof ImageLocation.DockerArchive archive) {
      return DockerArchiveSource.at(FileNames.path(archive.file())).names();
    }
    try (Source source =
        Transports.source(
            location, sourceOptions.settings(context, registry, 1, CopyReport.SILENT))) {
      if (source instanceof RegistrySource repository) {
        return repository.tags();
      }
    }
    throw new UsageException(
        "cannot list the tags of "
            + FileNames.quote(place.required())
            + "; only docker://NAME and docker-archive:FILE have tags to list");
  }
}
