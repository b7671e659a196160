/** Commands about people: {@code enrol}, {@code check} (would this photo be accepted?), {@code identify}. */
package io.facestream.cli.people;
