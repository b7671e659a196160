/**
 * Commands about people: {@code enrol}, {@code check} (would this photo do?), {@code identify}.
 */
package io.facestream.cli.people;
