package dev.strata.serve;

/**
 * What clients may take of a server.
 *
 * @param connections how many connections there may be at once
 * @param idleMillis how long a connection may stay without a request
 * @param headMillis how long a client may take to send the head of a request
 * @param writeMillis how long a client may read nothing of a response
 */
record ServerLimits(int connections, long idleMillis, long headMillis, long writeMillis) {
  static final ServerLimits USUAL = new ServerLimits(256, 60_000, 20_000, 60_000);
}
