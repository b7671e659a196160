/**
 * The role {@code enrolment}: labelled photos in, people in the gallery and answers out.
 *
 * <pre>
 *  labelled-faces --EnrolmentBatch--> LabelledFace --EnrolmentGate--> accepted or rejected --Enroller--> gallery
 *                                                                                                     `--> enrolments
 * </pre>
 */
package io.facestream.enrolment;
