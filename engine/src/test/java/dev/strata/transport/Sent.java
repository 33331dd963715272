package dev.strata.transport;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Records the progress events of a transfer. */
public final class Sent implements Transfer.Listener {
  public final List<String> finished = new CopyOnWriteArrayList<>();
  public final List<String> skipped = new CopyOnWriteArrayList<>();

  public Transfer transfer() {
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
