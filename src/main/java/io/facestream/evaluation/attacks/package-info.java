/** How often is a picture of a face taken for a face? By the rates of ISO/IEC 30107-3. */
package io.facestream.evaluation.attacks;
