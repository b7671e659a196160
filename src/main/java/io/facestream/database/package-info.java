/**
 * Shared access to PostgreSQL: set-based SQL, a check of the pool's size at start, and explanations of refused
 * connections.
 */
package io.facestream.database;
