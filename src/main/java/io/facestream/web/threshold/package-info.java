/**
 * The page: what another target FPIR would have changed.
 *
 * <pre>
 * identity-events --[EventsTopic]--> SeenFace   (distances, no name)
 * gallery --------[GalleryTable]---> rules, people as they are now
 *                      both --[WhatIf]--> visits that a name would have been missing from, or given to
 * </pre>
 *
 * <p>Nothing is set here: a target is a setting of the service.
 */
package io.facestream.web.threshold;
