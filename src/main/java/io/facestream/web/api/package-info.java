/**
 * The native REST API beside {@code identify}: people, photos, sightings and states are read by views and functions of
 * the database, and changed by commands over Kafka. Errors are problems (RFC 9457).
 */
package io.facestream.web.api;
