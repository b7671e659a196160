/**
 * What a process exposes over HTTP: health at {@code /q/health} of the management port; metrics are at
 * {@code /q/metrics}.
 */
package io.facestream.web;
