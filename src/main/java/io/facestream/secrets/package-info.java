/**
 * Secrets: those that are mounted as files (the logins of cameras and brokers, and the keys of webhooks), and what
 * passwords of people are stretched to.
 */
package io.facestream.secrets;
