/**
 * Asks the other roles, over Kafka, to change the gallery, and hears what came of it.
 *
 * <pre>
 *  Commands --gallery-commands--> [curation] --gallery-events--+
 *     |                                                        +--> AnswersTopic --> whoever waits
 *     `-------labelled-faces----> [enrolment] ---enrolments----+
 * </pre>
 */
package io.facestream.web.commands;
