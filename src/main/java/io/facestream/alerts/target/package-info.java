/**
 * What alerts and their targets agree on: an {@link io.facestream.alerts.target.Alert}, who takes it ({@link
 * io.facestream.alerts.target.AlertTarget}), and how it fails ({@link io.facestream.alerts.target.DeliveryException}).
 */
package io.facestream.alerts.target;
