/** Who calls the REST API: keys, of which the database has the hashes. */
package io.facestream.web.keys;
