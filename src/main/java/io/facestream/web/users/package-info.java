/**
 * People who sign in with a browser: the database has their passwords' hashes and their sessions. There is no key that
 * replicas would have to share; each asks the database whose session a request has.
 */
package io.facestream.web.users;
