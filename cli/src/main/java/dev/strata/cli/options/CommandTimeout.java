package dev.strata.cli.options;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.GoDuration;
import dev.strata.io.StrataException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/** The option for how long a command may take, with Skopeo's name. */
public final class CommandTimeout {
  private final Argument<Duration> limit;

  public CommandTimeout(Arguments arguments) {
    limit =
        arguments.value(
            GoDuration::read,
            "TIME",
            "Cancel the command after this time, such as 30s",
            "--command-timeout");
  }

  /** The work of a command. */
  @FunctionalInterface
  public interface Work {
    /** Does the work and returns the exit code. */
    int run() throws InterruptedException;
  }

  /**
   * Does work, and interrupts it when the time is over.
   *
   * @return the exit code of the work
   * @throws StrataException if the time is over
   */
  public int run(Work work) throws InterruptedException {
    Duration time = limit.orElse(Duration.ZERO);
    return time.isPositive() ? new Watch(Thread.currentThread()).run(time, work) : work.run();
  }

  /** Interrupts a thread after some time. */
  private static final class Watch {
    private final Thread worker;
    private boolean done;
    private boolean expired;

    Watch(Thread worker) {
      this.worker = worker;
    }

    int run(Duration time, Work work) throws InterruptedException {
      Thread.ofPlatform().daemon().name("strata-timeout").start(() -> expire(time));
      try {
        return work.run();
      } catch (StrataException | CancellationException | InterruptedException e) {
        if (hasExpired()) {
          throw new StrataException(
              "cancelled after " + text(time) + "; allow more time with --command-timeout", e);
        }
        throw e;
      } finally {
        finish();
      }
    }

    private synchronized boolean hasExpired() {
      return expired;
    }

    private synchronized void expire(Duration time) {
      long end = System.nanoTime() + time.toNanos();
      try {
        for (long left = time.toNanos(); !done && left > 0; left = end - System.nanoTime()) {
          TimeUnit.NANOSECONDS.timedWait(this, left);
        }
      } catch (InterruptedException _) {
        return;
      }
      if (!done) {
        expired = true;
        worker.interrupt();
      }
    }

    /** Ends the wait. The interrupt has served its purpose. */
    private synchronized void finish() {
      done = true;
      notifyAll();
      if (expired) {
        boolean ignored = Thread.interrupted();
      }
    }

    private static String text(Duration time) {
      return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }
  }
}
