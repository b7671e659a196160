/** From the outbox to the targets: a thread for each target, with pauses between tries. */
package io.facestream.alerts.delivery;
