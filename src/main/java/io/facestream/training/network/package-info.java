/**
 * The network during training: the graph with its variables, the triplet loss with its mining, steps and their
 * schedule.
 */
package io.facestream.training.network;
