package dev.strata.destination;

import dev.strata.layer.Blob;
import dev.strata.layer.Descriptor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what a transfer tells. */
final class Sent implements Transfer.Listener {
  final List<String> finished = new CopyOnWriteArrayList<>();
  final List<String> skipped = new CopyOnWriteArrayList<>();

  Transfer transfer() {
    return new Transfer(2, this);
  }

  @Override
  public void finished(Blob blob, Descriptor descriptor) {
    finished.add(descriptor.digest().value());
  }

  @Override
  public void skipped(Descriptor descriptor, String reason) {
    skipped.add(descriptor.digest().value());
  }
}
