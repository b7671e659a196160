/**
 * What is asked of training and what it answers: commands, their settings, their log with leases, and progress.
 */
package io.facestream.training.commands;
