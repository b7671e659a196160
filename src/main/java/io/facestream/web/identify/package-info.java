/**
 * Who is in a picture.
 *
 * <pre>
 *  picture --Recogniser (admission)--> Eyes: detector, network --> Matcher on AuditedGallery --> Identified
 * </pre>
 */
package io.facestream.web.identify;
