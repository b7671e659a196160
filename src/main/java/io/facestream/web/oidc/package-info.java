/**
 * People who sign in by a provider of OpenID Connect, and programs with its access tokens. What the provider says is
 * checked once; from then on the database has a session, as of a password or a key, so that every replica knows it and
 * the audit trail names who looks. Without a configured provider nothing of this runs.
 */
package io.facestream.web.oidc;
