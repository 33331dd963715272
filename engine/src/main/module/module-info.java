/**
 * The library: from a closure graph to layers, images and their destinations.
 *
 * <p>Packages whose names start with {@code dev.strata.internal} are not exported: they change
 * without notice. A program that compresses with zstd, or reads or writes image archives, requires
 * {@code com.github.luben.zstd_jni} or {@code org.apache.commons.compress} itself.
 */
module dev.strata.engine {
  requires com.fasterxml.jackson.core;
  requires java.net.http;
  requires org.agrona;
  requires re2j;
  requires static com.github.luben.zstd_jni;
  requires static org.apache.commons.compress;
  requires static org.jspecify;

  exports dev.strata;
  exports dev.strata.blob;
  exports dev.strata.closure;
  exports dev.strata.compress;
  exports dev.strata.explain;
  exports dev.strata.explain.sbom;
  exports dev.strata.image;
  exports dev.strata.io;
  exports dev.strata.layer;
  exports dev.strata.layering;
  exports dev.strata.oci;
  exports dev.strata.serve;
  exports dev.strata.transport;
  exports dev.strata.transport.archive;
  exports dev.strata.transport.daemon;
  exports dev.strata.transport.folder;
  exports dev.strata.transport.registry;
}
