/**
 * Whether promised error rates hold for people whom a calibration was not fitted on.
 *
 * <pre>
 *  photos --Third: fitted on two thirds--> MatchTally (false matches), SearchTally (FPIR, FNIR) --Promises--> report
 * </pre>
 */
package io.facestream.evaluation.promises;
