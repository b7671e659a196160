/**
 * What every user of PostgreSQL needs: is the connection there, and was an error a refusal or an outage.
 */
package io.facestream.database;
