package dev.strata.transport.registry;

/** How the bytes of a blob are sent. Registries and proxies before them may refuse some ways. */
enum UploadWay {
  /** In a PATCH of unknown length. */
  STREAM,
  /** In the PUT that ends the upload. */
  WHOLE,
  /** In one or several PATCHes of known length. */
  PARTS
}
