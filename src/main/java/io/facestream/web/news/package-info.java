/**
 * Tells open pages that visits have changed, so that they ask for them; what changed is not told here. A page that has
 * no socket asks every few seconds instead.
 *
 * <pre>
 *  sightings -------+
 *                   +--NewsTopic--> News --is it in the database yet?--> Audience --NewsSocket--> browsers, a few at a
 *  gallery-events --+                         StoredVisits                                        time
 * </pre>
 */
package io.facestream.web.news;
