package io.facestream.cli.people;

import io.facestream.faces.Quality;

/** The expected outcome for a photo. The reason is null if it would be accepted. */
record PhotoVerdict(String file, String name, String reason, String message, String notice, Quality quality) {}
