/** Commands about alerts. */
package io.facestream.cli.alerts;
