/**
 * The network during training: the graph with its variables, the triplet loss with its mining, steps and their
 * schedule. {@link io.facestream.training.network.NearFarGraph} puts two networks into one.
 */
package io.facestream.training.network;
