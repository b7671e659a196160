/**
 * Measures how good the answers are, by the field's own protocols, with the same code as the stages.
 *
 * <pre>
 *  EmbeddedPhoto --+--> Verification           same person or not?
 *                  +--> OpenSetIdentification  who, of those enrolled, or nobody?
 *  photos and boxes --FaceDetector--> Detection   is every face found, and nothing else?
 * </pre>
 *
 * <p>Terms are those of ISO/IEC 19795-1. Intervals are bootstrapped over people, since photos of one person are not
 * independent.
 */
package io.facestream.evaluation;
