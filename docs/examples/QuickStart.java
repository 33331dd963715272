import dev.strata.BuiltImage;
import dev.strata.CopyOptions;
import dev.strata.ImageBuilder;
import java.nio.file.Path;

/**
 * The whole job: a base image, a closure and a folder on top, pushed with zstd and kept as an OCI
 * layout.
 *
 * <p>Usage: {@code QuickStart CLOSURE-GRAPH OUTPUT-FOLDER [BASE DESTINATION]}, such as {@code
 * QuickStart closure-graph.json out docker://debian:12 docker://registry.example.org/app:1}.
 */
public final class QuickStart {
  private QuickStart() {}

  public static void main(String[] args) {
    Path closureGraph = Path.of(args[0]);
    Path output = Path.of(args[1]);
    ImageBuilder base = args.length > 2 ? ImageBuilder.from(args[2]) : ImageBuilder.fromScratch();
    String destination = args.length > 3 ? args[3] : "docker-archive:" + output + "/app.tar:app:1";

    try (BuiltImage image =
        base.platform("linux/amd64")
            .addClosure(closureGraph, 40)
            .add(closureGraph, "/app/closure-graph.json")
            .env("PORT", "8080")
            .exposedPort("8080/tcp")
            .user("1000")
            .entrypoint("/app/run")
            .onProgress((done, total) -> System.out.printf("%,d of %,d bytes%n", done, total))
            .cancelWhen(() -> Thread.currentThread().isInterrupted())
            .build()) {
      image.copyTo("oci:" + output + "/layout:1", CopyOptions.defaults().zstd());
      System.out.println(image.copyTo(destination).digest());
    }
  }
}
