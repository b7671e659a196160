/** Alerts to an HTTP server: CloudEvents in binary mode, signed. */
package io.facestream.alerts.webhook;
