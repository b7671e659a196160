/** Commands about the keys of the REST API: {@code keys}. */
package io.facestream.cli.keys;
