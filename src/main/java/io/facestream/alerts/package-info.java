/**
 * The role {@code alerts}: from visits to messages for people and machines.
 *
 * <pre>
 *  sightings --channel--> rules --> outbox (PostgreSQL) --delivery, a thread a target--> webhook, ...
 * </pre>
 *
 * <p>A record is acknowledged when what follows from it is stored. Deliveries and their retries happen outside the
 * channel, from the outbox.
 */
package io.facestream.alerts;
