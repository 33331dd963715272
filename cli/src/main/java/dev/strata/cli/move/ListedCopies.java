package dev.strata.cli.move;

import dev.strata.cli.command.Command;
import dev.strata.cli.command.Hints;
import dev.strata.cli.options.CopyReport;
import dev.strata.cli.options.ListReport;
import dev.strata.io.StrataException;
import dev.strata.transport.ImageLocation;
import dev.strata.transport.Transfer;
import dev.strata.transport.Workers;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;

/** Copies many images, several at once. An image that fails does not stop the others. */
final class ListedCopies {
  private static final int AT_ONCE = 4;

  private final ListReport report;
  private final Command command;
  private final Copier copier;
  // Images that go to the same folder or daemon could disturb each other.
  private final ReentrantLock local = new ReentrantLock();

  ListedCopies(ListReport report, Command command, Copier copier) {
    this.report = report;
    this.command = command;
    this.copier = copier;
  }

  /** Copies one image. */
  interface Copier {
    void copy(CopyList.Entry entry, CopyReport progress) throws InterruptedException;
  }

  void run(List<CopyList.Entry> entries) {
    try (Workers workers = new Workers(new Transfer(AT_ONCE, CopyReport.SILENT))) {
      workers.forEach(entries, this::copy);
    }
  }

  private void copy(CopyList.Entry entry) {
    try (CopyReport progress = report.image(entry.line())) {
      if (entry.to() instanceof ImageLocation.Registry) {
        copier.copy(entry, progress);
        return;
      }
      local.lockInterruptibly();
      try {
        copier.copy(entry, progress);
      } finally {
        local.unlock();
      }
    } catch (StrataException e) {
      report.failed(entry.line(), entry.target(), e, Hints.messageWithoutAdvice(e, command));
    } catch (CancellationException e) {
      throw e;
    } catch (RuntimeException e) {
      report.failed(entry.line(), entry.target(), e, "internal error: " + e + "; please report it");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }
}
