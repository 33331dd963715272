package dev.strata.bench.cores;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Discrete events of the engine's workers ({@code LayerWork} and what it uses), with the cost of
 * each step instead of the step. There are as many cores as workers; if other work goes on in the
 * background, all that run share the cores evenly. Used once, by one thread.
 */
final class CrewSimulation {
  private static final double SPIN = 1_000;
  private static final double LONGEST_SPIN = 10_000;
  private static final double PARK = 20_000;
  private static final double LONGEST_PARK = 2_000_000;

  /** By how much Linux prolongs a pause. */
  private static final double TIMER_SLACK = 50_000;

  /** The slabs of a layer that may be filled ahead. */
  private static final int WINDOW = 32;

  /** The slabs of all layers that may be filled ahead, for each worker, besides one window. */
  private static final int SLABS_AHEAD = 2;

  /**
   * What a simulation found.
   *
   * @param nanos the time from the start of the workers until the last one has ended
   * @param wakeUps how often workers looked for work and found none
   * @param peakSlabs the largest number of slabs in use at once
   */
  record Outcome(double nanos, long wakeUps, int peakSlabs) {}

  private final Rates rates;
  private final Set<Rule> rules;
  private final int jobs;
  private final List<Flight> flights = new ArrayList<>();
  private final @Nullable Flight early;
  private boolean earlyTaken;
  private final List<Scan> scans = new ArrayList<>();
  private int nextScan;
  private int missingScans;
  private final PriorityQueue<Flight> laidOut =
      new PriorityQueue<>(
          Comparator.comparingLong((Flight f) -> -f.load.bytes()).thenComparingInt(f -> f.number));
  private final List<Flight> active = new ArrayList<>();
  private int unfinished;
  private long unclaimedInQueue;

  /** Workers by the amount of work on one core after which their step is done. */
  private final PriorityQueue<Worker> running = queue();

  /** Workers by the time until which they wait. */
  private final PriorityQueue<Worker> waiting = queue();

  private double now;

  /** The work that a core of its own would have done for each worker until now. */
  private double done;

  private long wakeUps;
  private int usedSlabs;
  private int peakSlabs;

  CrewSimulation(List<LayerLoad> layers, Rates rates, int jobs, Set<Rule> rules) {
    this.rates = rates;
    this.rules = rules;
    this.jobs = jobs;
    Flight longest = null;
    for (LayerLoad load : layers) {
      Flight f = new Flight(flights.size(), load);
      flights.add(f);
      boolean longer = load.paths().size() > (longest == null ? 1 : longest.load.paths().size());
      longest = longer ? f : longest;
    }
    early = jobs > 1 ? longest : null;
    if (early != null) {
      addScans(early);
    }
    flights.stream().filter(f -> f != early).forEach(this::addScans);
    missingScans = scans.size();
    unfinished = flights.size();
  }

  private static PriorityQueue<Worker> queue() {
    return new PriorityQueue<>(
        Comparator.comparingDouble((Worker w) -> w.until).thenComparingInt(w -> w.number));
  }

  private void addScans(Flight flight) {
    for (int i = 0; i < flight.load.paths().size(); i++) {
      scans.add(new Scan(flight, i));
    }
  }

  /** Runs until all workers have ended. */
  Outcome run() {
    for (int i = 0; i < jobs; i++) {
      new Worker(i).beginStep();
    }
    while (!running.isEmpty() || !waiting.isEmpty()) {
      next().resume();
    }
    return new Outcome(now, wakeUps, peakSlabs);
  }

  /** Goes on to the next worker that is done with its step or its pause. */
  private Worker next() {
    while (true) {
      boolean background = done < rates.background();
      double rate = Math.min(1, (double) jobs / (running.size() + (background ? 1 : 0)));
      double stepEnds = Double.MAX_VALUE;
      if (!running.isEmpty()) {
        stepEnds = now + (running.element().until - done) / rate;
      }
      double pauseEnds = waiting.isEmpty() ? Double.MAX_VALUE : waiting.element().until;
      double backgroundEnds =
          background ? now + (rates.background() - done) / rate : Double.MAX_VALUE;
      double until = Math.min(backgroundEnds, Math.min(stepEnds, pauseEnds));
      done = until == backgroundEnds ? rates.background() : done + (until - now) * rate;
      now = until;
      if (until == stepEnds) {
        return running.remove();
      }
      if (until == pauseEnds) {
        return waiting.remove();
      }
    }
  }

  private record Scan(Flight flight, int path) {}

  /** A layer. */
  private static final class Flight {
    final int number;
    final LayerLoad load;
    private final boolean[] pathLaidOut;
    private final boolean[] filled;
    private int ready;
    private long available;
    int claimed;
    int consumed;

    Flight(int number, LayerLoad load) {
      this.number = number;
      this.load = load;
      this.pathLaidOut = new boolean[load.paths().size()];
      this.filled = new boolean[load.slabs()];
    }

    boolean isComplete() {
      return ready == pathLaidOut.length;
    }

    void layOut(int path) {
      pathLaidOut[path] = true;
      while (ready < pathLaidOut.length && pathLaidOut[ready]) {
        available += load.paths().get(ready++).bytes();
      }
      available = isComplete() ? load.bytes() : available;
    }

    boolean isKnown(int slab) {
      return slab < (isComplete() ? load.slabs() : available / LayerLoad.SLAB_BYTES);
    }

    long unclaimed() {
      return Math.max(0, available - (long) claimed * LayerLoad.SLAB_BYTES);
    }

    boolean hasRoom() {
      return claimed < consumed + WINDOW && isKnown(claimed);
    }
  }

  /** What a worker is about. */
  private enum Mode {
    SCAN,
    HASH,
    CHOOSE
  }

  /** One worker. */
  private final class Worker {
    final int number;

    /** When the step is done, in work, or when the pause ends, in time. */
    double until;

    private Mode mode = Mode.SCAN;
    private Runnable result = () -> {};
    private @Nullable Scan scan;
    private int chunk;
    private @Nullable Flight own;
    private int slab;
    private double idle;
    private double park = PARK;

    Worker(int number) {
      this.number = number;
    }

    void resume() {
      Runnable ended = result;
      result = () -> {};
      ended.run();
      beginStep();
    }

    private boolean step(double nanos, Runnable then) {
      until = done + nanos;
      result = then;
      idle = 0;
      park = PARK;
      running.add(this);
      return true;
    }

    private void pause(boolean longer) {
      wakeUps++;
      if (idle < LONGEST_SPIN) {
        idle += SPIN;
        until = now + SPIN;
      } else {
        until = now + park + TIMER_SLACK;
        if (longer && rules.contains(Rule.LONG_PAUSES)) {
          park = Math.min(2 * park, LONGEST_PARK);
        }
      }
      waiting.add(this);
    }

    /** Chooses the next step, or ends. */
    void beginStep() {
      if (early != null && !earlyTaken) {
        earlyTaken = true;
        begin(early);
      }
      if (mode == Mode.SCAN && !(early != null && fill(early)) && !scanChunk()) {
        mode = Mode.CHOOSE;
      }
      switch (mode) {
        case SCAN -> {}
        case HASH -> hashStep();
        case CHOOSE -> choose();
      }
    }

    private void begin(Flight flight) {
      own = flight;
      slab = 0;
      mode = Mode.HASH;
      active.add(flight);
    }

    private boolean fill(Flight flight) {
      if (!flight.hasRoom()) {
        return false;
      }
      int claim = flight.claimed++;
      usedSlabs++;
      peakSlabs = Math.max(peakSlabs, usedSlabs);
      return step(rates.fill(flight.load, claim), () -> flight.filled[claim] = true);
    }

    /** Scans one directory of a path; other work is done in between. */
    private boolean scanChunk() {
      Scan current = scan;
      if (current == null) {
        if (nextScan == scans.size()) {
          return false;
        }
        current = scans.get(nextScan++);
        scan = current;
        chunk = 0;
      }
      PathLoad path = current.flight.load.paths().get(current.path);
      Scan whole = current;
      return step(
          rates.scan(path) / path.directories(),
          () -> {
            if (++chunk == path.directories()) {
              scan = null;
              scanned(whole);
            }
          });
    }

    private boolean scanPath() {
      if (nextScan == scans.size()) {
        return false;
      }
      Scan whole = scans.get(nextScan++);
      return step(rates.scan(whole.flight.load.paths().get(whole.path)), () -> scanned(whole));
    }

    private void hashStep() {
      Flight flight = java.util.Objects.requireNonNull(own);
      if (flight.isComplete() && slab >= flight.load.slabs()) {
        active.remove(flight);
        unfinished--;
        own = null;
        // The worker of the early layer goes on with what the others did meanwhile.
        mode = flight == early ? Mode.SCAN : Mode.CHOOSE;
        beginStep();
      } else if (slab < flight.filled.length && flight.filled[slab]) {
        step(
            rates.hash(flight.load, slab),
            () -> {
              slab++;
              flight.consumed = slab;
              usedSlabs--;
            });
      } else if (!fill(flight) && !scanPath()) {
        pause(false);
      }
    }

    private void choose() {
      if (missingScans > 0 && !rules.contains(Rule.HASH_EARLY)) {
        pause(false);
        return;
      }
      Flight last = rules.contains(Rule.HELP_LAST) && missingScans == 0 ? last() : null;
      if (last != null && fill(last)) {
        return;
      }
      Flight next = laidOut.poll();
      if (next != null) {
        unclaimedInQueue -= next.load.bytes();
        begin(next);
        hashStep();
      } else if (unfinished > 0) {
        Flight most = mostUnclaimed();
        if (most == null || !fill(most)) {
          pause(true);
        }
      }
    }
  }

  private void scanned(Scan scan) {
    scan.flight.layOut(scan.path);
    missingScans--;
    if (scan.flight.isComplete() && scan.flight != early) {
      laidOut.add(scan.flight);
      unclaimedInQueue += scan.flight.load.bytes();
    }
  }

  /** Whether no more slabs may be filled ahead. */
  private boolean isFull() {
    return rules.contains(Rule.BOUND_SLABS)
        && active.stream().mapToInt(f -> f.claimed - f.consumed).sum()
            >= WINDOW + SLABS_AHEAD * jobs;
  }

  private @Nullable Flight mostUnclaimed() {
    if (isFull()) {
      return null;
    }
    Flight most = null;
    for (Flight f : active) {
      boolean candidate = rules.contains(Rule.HELP_LAST) ? f.hasRoom() : f.unclaimed() > 0;
      if (candidate && (most == null || f.unclaimed() > most.unclaimed())) {
        most = f;
      }
    }
    return most;
  }

  /** Returns the layer with the most left if it would end after all others. */
  private @Nullable Flight last() {
    long left = unclaimedInQueue + active.stream().mapToLong(Flight::unclaimed).sum();
    Flight most = mostUnclaimed();
    return most != null && most.unclaimed() > left / jobs ? most : null;
  }
}
