/**
 * The embedded default: a Kafka broker in this JVM and a PostgreSQL with pgvector beside it, so that a clone runs
 * without installing or configuring anything by hand.
 *
 * <pre>
 *  EmbeddedServices.start(home, command, progress)
 *    |
 *    |-- Setup            runs embedded/install-postgresql.sh where PostgresBinaries finds none
 *    |-- HomeLock         one process per home; a second one learns who holds it
 *    |-- EmbeddedKafka    home/kafka:     KRaft broker and controller, in this JVM
 *    |-- LocalPostgres    home/postgres:  a server of its own, as user postgres where this JVM is root
 *    `-- Endpoints        home/endpoints.properties: how commands in other shells find both, while they run
 * </pre>
 *
 * <p>{@link io.facestream.embedded.EmbeddedHome} says which folder that is. Nothing here is used if FaceStream is given
 * an external broker and database, and nothing here depends on another package.
 */
package io.facestream.embedded;
