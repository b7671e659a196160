/** What a process shows of itself over HTTP: health, at {@code /q/health}. */
package io.facestream.web;
