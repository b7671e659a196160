/** Secrets that are mounted as files: the logins of cameras and brokers, and the keys of webhooks. */
package io.facestream.secrets;
