/**
 * Alerts to a broker of MQTT, and states and events for Home Assistant.
 *
 * <p>How presence stays right:
 *
 * <ol>
 *   <li>Whether somebody is present is told by all cameras together, so one replica reads all of {@code sightings}: the
 *       group's assignor gives it all partitions. The others stand by, and one takes over within the session's 10 s.
 *   <li>Who takes over reads {@code stale} (12 minutes) of the topic again, since each open visit is told of every 5
 *       minutes. It publishes when it has read them, so nothing flaps. The group's offsets only tell which events are
 *       news.
 *   <li>All retained messages are one function of the visits and the directory. It is computed anew with each change
 *       and each second, and the differences are published: no missed {@code left} stays, and a visit of which nothing
 *       was heard for {@code stale} is over.
 *   <li>Names, who was erased, and where people were seen before come from the database, at the start and every 15 s.
 *       People have entities when the database knows them: an old message brings back nobody who was erased.
 *   <li>At each connection everything is published again, since a broker may have lost it; then {@code online}.
 *       Retained messages of ours that the broker has besides are cleared, once the directory was read.
 *   <li>The last will is {@code offline}. All readers have one client id, so the broker ends an old reader's connection
 *       when the new one comes; and a reader that hears {@code offline} says {@code online} again.
 *   <li>Events are never retained, wait for the broker in a bounded queue, and are dropped beyond {@code max-age}.
 * </ol>
 */
package io.facestream.alerts.mqtt;
