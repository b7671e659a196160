/** Who films: {@code cameras add}, {@code list}, {@code remove} and {@code test}. */
package io.facestream.cli.cameras;
