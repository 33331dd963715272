import dev.strata.blob.Descriptor;
import dev.strata.blob.Progress;
import dev.strata.closure.ClosureGraph;
import dev.strata.image.Image;
import dev.strata.image.ImageBlobs;
import dev.strata.io.OutputFile;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBuilder;
import dev.strata.layering.LayerPlanner;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Platform;
import dev.strata.oci.Timestamp;
import dev.strata.transport.Transfer;
import dev.strata.transport.folder.OciLayout;
import dev.strata.transport.folder.OciLayoutSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * From a closure graph to an image on disk: read the graph, plan the layers, build them, assemble
 * the image, write an OCI layout, read it back.
 *
 * <p>Usage: {@code BuildImage CLOSURE-GRAPH FOLDER}.
 */
public final class BuildImage {
  private BuildImage() {}

  /** Prints how the work goes, and cancels it when it takes too long. */
  private static final class Watch implements Progress {
    private final long deadline;
    private final AtomicLong hashed = new AtomicLong();

    Watch(Duration limit) {
      this.deadline = System.nanoTime() + limit.toNanos();
    }

    @Override
    public void planned(int layers, long entries, long bytes) {
      System.out.printf("%d layers, %d entries, %d bytes%n", layers, entries, bytes);
    }

    @Override
    public void advanced(long bytes) {
      hashed.addAndGet(bytes);
    }

    @Override
    public void finished(int index, Descriptor layer) {
      System.out.printf("layer %d: %s%n", index, layer.digest());
    }

    @Override
    public boolean cancelled() {
      return System.nanoTime() - deadline > 0;
    }
  }

  public static void main(String[] args) {
    ClosureGraph closure = ClosureGraph.read(Path.of(args[0]));
    Path folder = Path.of(args[1]);
    int jobs = Runtime.getRuntime().availableProcessors();

    // Which store paths go in which layer: the two most popular get one each, the rest share one.
    LayerPlanner planner = LayerPlanner.create().withMaxLayers(3);

    Watch watch = new Watch(Duration.ofMinutes(5));
    List<Layer> layers;
    try {
      layers =
          LayerBuilder.create()
              .withJobs(jobs)
              .withProgress(watch)
              .build(planner.plan(closure.byPopularity()));
    } catch (CancellationException e) {
      System.err.println("given up after " + watch.hashed.get() + " bytes");
      throw e;
    }

    ImageConfig config =
        ImageConfig.builder()
            .user("1000")
            .exposedPorts(List.of("8080/tcp"))
            .env(List.of("PATH=/bin"))
            .entrypoint(List.of("/bin/app"))
            .cmd(List.of("--help"))
            .workingDir("/")
            .labels(Map.of("org.opencontainers.image.title", "app"))
            .build();
    Timestamp created = Timestamp.parse("2026-01-01T00:00:00Z");
    Image image = Image.assemble(config, null, layers, Platform.localArchitecture(), created);

    // image.json holds no layer bytes; any destination makes them from the store paths again.
    OutputFile.write(folder.resolve("image.json"), image.toJson().getBytes(StandardCharsets.UTF_8));

    Path layout = folder.resolve("layout");
    Descriptor manifest =
        OciLayout.at(layout)
            .withTags(List.of("latest"))
            .write(ImageBlobs.of(image, jobs), Transfer.quiet(jobs));
    OciLayoutSource.Verified verified = OciLayoutSource.at(layout).withTag("latest").verify(jobs);
    System.out.printf(
        "manifest %s: %d blobs, %d bytes, all digests right%n",
        manifest.digest(), verified.blobs(), verified.bytes());
  }
}
