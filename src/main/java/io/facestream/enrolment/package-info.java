/**
 * The role {@code enrolment}: labelled photos in, people in the gallery and answers out.
 *
 * <pre>
 *  labelled-faces --EnrolmentBatch--> LabelledFace --EnrolmentGate--> Acceptance or EnrolmentRejection --Enroller--> gallery
 *                                                                                                         `--> enrolments
 * </pre>
 */
package io.facestream.enrolment;
