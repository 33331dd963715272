package dev.strata.bench.run;

import dev.strata.bench.process.ProcessUsage;
import java.util.List;
import java.util.Random;

/**
 * Simulates two builds on a noisy shared machine: a drifting speed that both runs of a pair share,
 * independent noise, and occasional disturbances of a fifth or more.
 */
final class Noise {
  private static final double SECONDS = 0.55;
  private static final double DRIFT = 0.02;
  private static final double SPIKE_CHANCE = 0.06;

  private final Random random;
  private final double wallDeviation;
  private final double cpuDeviation;
  private final double slowDown;
  private double mood;
  private long now;

  Noise(long seed, double wallDeviation, double cpuDeviation, double slowDown) {
    this.random = new Random(seed);
    this.wallDeviation = wallDeviation;
    this.cpuDeviation = cpuDeviation;
    this.slowDown = slowDown;
  }

  long nanoTime() {
    return now;
  }

  List<ProcessUsage> pair() {
    mood = 0.95 * mood + DRIFT * random.nextGaussian();
    ProcessUsage base = run(1);
    return List.of(base, run(1 + slowDown));
  }

  private ProcessUsage run(double factor) {
    double spike = random.nextDouble() < SPIKE_CHANCE ? 0.2 * -Math.log(random.nextDouble()) : 0;
    double wall = Math.exp(mood + wallDeviation * random.nextGaussian() + spike);
    double cpu = Math.exp(mood / 2 + cpuDeviation * random.nextGaussian() + spike / 3);
    long nanos = (long) (1e9 * SECONDS * wall * factor);
    now += nanos;
    long user = (long) (1.6e9 * SECONDS * cpu * factor);
    return new ProcessUsage(nanos, user, user / 10, 100 << 20, 0);
  }
}
