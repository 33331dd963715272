package dev.strata.cli.matrix;

import dev.strata.oci.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Has every program make an image in each of its formats. All of them print the same. */
final class ImageMakers {
  /** What a container of each image prints. */
  static final String PRINTS = "one\ntwo\n";

  private static final String BUILD_FILE =
      """
      FROM scratch
      ADD root.tar /
      RUN rm /etc/removed && echo two >> /etc/greeting && rm -r /opaque && mkdir /opaque && echo > /opaque/new
      ENV MADE=yes
      CMD ["/bin/cat", "/etc/greeting"]
      """;

  private final Peers peers;
  private final Path folder;
  private final List<MadeImage> made = new ArrayList<>();

  ImageMakers(Peers peers, Path folder) {
    this.peers = peers;
    this.folder = folder;
  }

  /** Makes all images. */
  List<MadeImage> makeAll() throws IOException {
    peers.run("sh", "-euc", ROOT, "sh", folder.toString());
    Files.writeString(folder.resolve("root/Dockerfile"), BUILD_FILE);
    docker();
    buildah();
    podman();
    umociSkopeoAndCtr();
    constructed();
    return List.copyOf(made);
  }

  /**
   * Creates a file tree with all that a layer can contain, and the same as an archive. Its last
   * file is a folder, since umoci does not pad a file at the end of a layer, and bsdtar minds.
   */
  private static final String ROOT =
      """
      cd "$1"
      mkdir -p root tree/bin tree/etc tree/opaque tree/closed tree/var
      cp /bin/busybox tree/bin/
      for name in sh cat rm mkdir; do ln -s busybox tree/bin/$name; done
      echo one > tree/etc/greeting
      chown 1000:2000 tree/etc/greeting
      chmod 640 tree/etc/greeting
      ln tree/etc/greeting tree/etc/hard-link
      echo removed > tree/etc/removed
      echo old > tree/opaque/old
      echo setuid > tree/bin/setuid
      chmod 4755 tree/bin/setuid
      chmod 700 tree/closed
      chmod 1777 tree/var
      ln -s /nowhere "tree/etc/broken link"
      echo long > tree/etc/$(printf 'long%.0s' $(seq 40))
      echo unicode > tree/etc/na\u00efve
      tar -C tree --format=pax -cf root/root.tar .
      """;

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private void add(String tool, String format, String reference) {
    made.add(MadeImage.of(tool, format, reference));
  }

  private void docker() {
    Path root = folder.resolve("root");
    String pushed = peers.registry() + "/made/docker:1";
    peers.dockerBuild(false, "made/docker:1", root);
    docker("tag", "made/docker:1", pushed);
    docker("push", pushed);
    add("docker push", "schema 2, gzip", "docker://" + pushed);
    docker("save", "--output", path("docker.tar"), "made/docker:1");
    add("docker save", "docker-archive", "docker-archive:" + path("docker.tar"));
    peers.run("gzip", "--keep", path("docker.tar"));
    made.add(
        MadeImage.of(
                "docker save | gzip", "docker-archive", "docker-archive:" + path("docker.tar.gz"))
            .like("docker-archive:" + path("docker.tar")));

    peers.dockerBuild(true, "made/buildkit:1", root);
    docker("save", "--output", path("two.tar"), "made/docker:1", "made/buildkit:1");
    add(
        "docker save of two images",
        "docker-archive",
        "docker-archive:" + path("two.tar") + ":made/buildkit:1");
    docker("rmi", "made/docker:1", pushed, "made/buildkit:1");

    String command = "CMD [\"/bin/cat\",\"/etc/greeting\"]";
    String change = "echo two >> /etc/greeting; rm -r /opaque";
    docker("import", path("root/root.tar"), "made/import:1");
    docker("run", "--network=none", "--name=made", "made/import:1", "/bin/sh", "-c", change);
    docker("commit", "--change", command, "made", "made/commit:1");
    docker("rm", "made");
    add("docker commit", "schema 2, in Docker", "docker-daemon:made/commit:1");
  }

  private void docker(String... arguments) {
    peers.docker().docker(arguments);
  }

  private void buildah() {
    peers.buildah(
        peers.makers(),
        "bud",
        "--isolation=chroot",
        "-q",
        "-t",
        "localhost/made/buildah:1",
        "-f",
        path("root/Dockerfile"),
        path("root"));
    push("oci:" + path("buildah.oci") + ":1", "OCI, gzip");
    push("oci:" + path("buildah.zstd") + ":1", "OCI, zstd", "--compression-format=zstd");
    push("oci:" + path("buildah.plain") + ":1", "OCI", "--disable-compression");
    push("oci-archive:" + path("buildah.oci.tar"), "OCI, gzip");
    push("docker-archive:" + path("buildah.tar") + ":made/buildah:1", "docker-archive");
    push("dir:" + path("buildah.dir"), "OCI");
    push("dir:" + path("buildah.v2s2"), "schema 2", "--format=v2s2");
    push("docker://" + peers.registry() + "/made/buildah:1", "OCI, gzip", "--tls-verify=false");
    push(
        "docker://" + peers.registry() + "/made/buildah:zstd",
        "OCI, zstd",
        "--tls-verify=false",
        "--compression-format=zstd");
    add(
        "buildah bud",
        "OCI, in storage",
        "containers-storage:" + peers.makers().specifier("localhost/made/buildah:1"));
  }

  private void push(String target, String format, String... options) {
    List<String> arguments = new ArrayList<>(List.of("push", "-q"));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("localhost/made/buildah:1", target));
    peers.buildah(peers.makers(), arguments.toArray(String[]::new));
    add("buildah push " + transport(target), format, target);
  }

  private void podman() {
    peers
        .makers()
        .podman(
            "run",
            "--network=none",
            "--log-driver=none",
            "--name=made",
            "localhost/made/buildah:1");
    peers.makers().podman("commit", "-q", "--format=docker", "made", "localhost/made/podman:1");
    peers.makers().podman("rm", "made");
    save("oci-archive", "oci-archive:", "OCI");
    save("docker-archive", "docker-archive:", "docker-archive");
    save("oci-dir", "oci:", "OCI, gzip");
    save("docker-dir", "dir:", "schema 2");
    save("docker-dir", "dir:", "schema 2, gzip", "--compress");
    peers
        .makers()
        .podman(
            "save",
            "-q",
            "-m",
            "-o",
            path("podman.multi"),
            "localhost/made/buildah:1",
            "localhost/made/podman:1");
    add(
        "podman save of two images",
        "docker-archive",
        "docker-archive:" + path("podman.multi") + ":@1");
    add(
        "podman commit",
        "schema 2, in storage",
        "containers-storage:" + peers.makers().specifier("localhost/made/podman:1"));
  }

  private void save(String format, String transport, String what, String... options) {
    String target = path("podman." + format + options.length);
    List<String> arguments =
        new ArrayList<>(List.of("save", "-q", "--format", format, "-o", target));
    arguments.addAll(List.of(options));
    arguments.add("localhost/made/podman:1");
    peers.makers().podman(arguments.toArray(String[]::new));
    add("podman save --format " + format, what, transport + target);
  }

  private void umociSkopeoAndCtr() {
    String layout = path("umoci");
    String image = layout + ":1";
    peers.run("umoci", "init", "--layout", layout);
    peers.run("umoci", "new", "--image", image);
    peers.run("sh", "-c", "echo two >> \"$1\"", "sh", path("tree/etc/greeting"));
    peers.run("umoci", "insert", "--image", image, path("tree"), "/");
    peers.run("umoci", "insert", "--image", image, "--whiteout", "/etc/removed");
    peers.run(
        "umoci",
        "config",
        "--image",
        image,
        "--config.cmd",
        "/bin/cat",
        "--config.cmd",
        "/etc/greeting");
    add("umoci", "OCI, gzip", "oci:" + image);
    String opaque = layout + ":opaque";
    peers.run(
        "umoci",
        "insert",
        "--image",
        image,
        "--tag",
        "opaque",
        "--opaque",
        path("tree/var"),
        "/opaque");
    add("umoci", "OCI, gzip, opaque folder", "oci:" + opaque);

    skopeo("dir:" + path("skopeo.dir"), "OCI, gzip");
    skopeo("dir:" + path("skopeo.plain"), "OCI", "--dest-decompress");
    skopeo("dir:" + path("skopeo.v2s2"), "schema 2, gzip", "--format=v2s2");
    skopeo("oci:" + path("skopeo.zstd") + ":1", "OCI, zstd", "--dest-compress-format=zstd");
    skopeo("oci-archive:" + path("skopeo.oci.tar") + ":1", "OCI, gzip");
    skopeo("docker-archive:" + path("skopeo.tar") + ":made/umoci:1", "docker-archive");

    peers.ctr(
        "images", "import", "--snapshotter=native", "--base-name=made/ctr", path("skopeo.oci.tar"));
    peers.ctr("images", "export", path("ctr.tar"), "made/ctr:1");
    add("ctr images export", "OCI, gzip", "oci-archive:" + path("ctr.tar"));
    add("ctr images export", "docker-archive, gzip", "docker-archive:" + path("ctr.tar"));
    peers.ctr("images", "rm", "--sync", "made/ctr:1");
    peers.ctr("images", "import", "--snapshotter=native", path("docker.tar"));
    peers.ctr("images", "export", path("ctr.docker.tar"), "docker.io/made/docker:1");
    add("ctr images export", "schema 2", "oci-archive:" + path("ctr.docker.tar"));
    peers.ctr("images", "rm", "--sync", "docker.io/made/docker:1");
  }

  private void skopeo(String target, String format, String... options) {
    List<String> arguments = new ArrayList<>(List.of("copy", "-q"));
    arguments.addAll(List.of(options));
    arguments.addAll(List.of("oci:" + path("umoci") + ":1", target));
    peers.skopeo(arguments.toArray(String[]::new));
    add("skopeo copy " + transport(target), format, target);
  }

  private void constructed() throws IOException {
    Path script = folder.resolve("construct.py");
    try (InputStream in =
        Objects.requireNonNull(ImageMakers.class.getResourceAsStream("construct.py"))) {
      Files.copy(in, script);
    }
    // umoci keeps the manifest of every step in the layout; the copy has the last one alone.
    peers.skopeo("copy", "-q", "oci:" + path("umoci") + ":1", "oci:" + path("base") + ":1");
    peers.run(
        "python3",
        script.toString(),
        path("base"),
        folder.toString(),
        Platform.localArchitecture());
    String same = "oci:" + path("base") + ":1";
    String list = "docker://" + peers.registry() + "/made/list:1";
    peers.skopeo("copy", "-q", "--all", "--dest-tls-verify=false", "dir:" + path("list"), list);
    String attested = "docker://" + peers.registry() + "/made/attested:1";
    peers.skopeo(
        "copy",
        "-q",
        "--all",
        "--dest-tls-verify=false",
        "oci:" + path("attested") + ":1",
        attested);
    for (MadeImage image :
        List.of(
            MadeImage.of(
                "as BuildKit", "OCI index with attestations", "oci:" + path("attested") + ":1"),
            MadeImage.of("as BuildKit", "OCI index with attestations, pushed", attested),
            MadeImage.of("as podman manifest", "nested OCI index", "oci:" + path("nested") + ":1"),
            MadeImage.of("as docker manifest", "schema 2 index", list),
            MadeImage.of("as skopeo copy --all", "schema 2 index", "dir:" + path("list")),
            MadeImage.of(
                "as docker save 25", "docker-archive", "docker-archive:" + path("docker25.tar")),
            MadeImage.of("as docker save 25", "OCI", "oci-archive:" + path("docker25.tar")),
            MadeImage.of(
                "as docker save 29",
                "docker-archive, gzip",
                "docker-archive:" + path("docker29.tar")),
            MadeImage.of("as crane", "docker-archive, gzip", "docker-archive:" + path("crane.tar")),
            MadeImage.of(
                "as docker save before 25",
                "docker-archive with links",
                "docker-archive:" + path("links.tar")))) {
      made.add(image.like(same));
    }
  }

  private static String transport(String reference) {
    return reference.substring(0, reference.indexOf(':') + 1);
  }
}
