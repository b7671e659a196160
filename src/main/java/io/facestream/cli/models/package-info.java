/**
 * Commands about networks: {@code models ...} and {@code train}.
 */
package io.facestream.cli.models;
