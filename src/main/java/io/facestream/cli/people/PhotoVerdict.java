package io.facestream.cli.people;

import io.facestream.faces.Quality;

/** What would come of a photo; no reason where it would be accepted. */
record PhotoVerdict(String file, String name, String reason, String message, String notice, Quality quality) {}
