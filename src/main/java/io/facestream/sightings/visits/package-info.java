/**
 * Visits of one camera: when one begins, what is told of it, and when it is over.
 *
 * <pre>
 *  a face that continues no track --> tentative --confirm--> present --absence--> left --rejoin--> final, forgotten
 *                                         |                     ^                  |
 *                                         |                     `---- returned ----'
 *                                         `-- absence: a false face, nothing is told
 * </pre>
 */
package io.facestream.sightings.visits;
