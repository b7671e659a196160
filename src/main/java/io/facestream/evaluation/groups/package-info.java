/**
 * Differential performance: are some groups of people, or the photos of some cameras, recognised less well than others?
 * In the terms of NISTIR 8280 (Grother, Ngan and Hanaoka 2019): the false positive and false negative rates of each
 * group at one threshold for all, and the largest ratio between two groups.
 */
package io.facestream.evaluation.groups;
