/** {@code facestream gallery}: people manage people. */
package io.facestream.cli.gallery;
