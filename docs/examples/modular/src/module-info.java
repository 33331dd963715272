/** Copies the image of a closure graph to a place. */
module org.example.image {
  requires dev.strata.engine;
  // For CopyOptions.zstd(); a program that compresses with gzip does without.
  requires com.github.luben.zstd_jni;
}
