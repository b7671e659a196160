/**
 * What all channels of SmallRye Reactive Messaging have in common: how they reach the brokers, what they log, and how
 * they store what they read.
 */
package io.facestream.channels;
