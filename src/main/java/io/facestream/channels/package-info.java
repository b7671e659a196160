/** What all channels of SmallRye Reactive Messaging have in common: how they reach the brokers, and what they log. */
package io.facestream.channels;
