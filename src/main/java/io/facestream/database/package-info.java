/**
 * What every user of PostgreSQL needs: SQL on sets of rows, whether the connection is there, and whether an error was a
 * refusal or an outage.
 */
package io.facestream.database;
