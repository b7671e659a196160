/** How well strangers are known again: people who come back, nobody of whom is enrolled. */
package io.facestream.evaluation.strangers;
