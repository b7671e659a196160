/**
 * From camera frames to identity events.
 *
 * <pre>
 *  camera-frames --> [detection] --> detected-faces --> [embeddings] --> face-embeddings --> [identities] --> identity-events
 *                                                                                                   |
 *  labelled-faces --> [enrolment] --------------------------------------------------------------> gallery (PostgreSQL)
 *         |                                                                                        |
 *         +---------> [training] --> models (PostgreSQL) --> model-releases --> embeddings, gallery
 *  training-commands ---^
 * </pre>
 *
 * <p>Imports point down this list, never up; {@code ArchitectureTest} holds it:
 *
 * <table>
 * <caption>Roles, and the rooms of the house</caption>
 * <tr><th>role</th><th>package</th><th>stage</th></tr>
 * <tr><td>{@code detection}</td><td>{@link io.facestream.detection}</td><td>{@code DetectionStage}</td></tr>
 * <tr><td>{@code embedding}</td><td>{@link io.facestream.embeddings}</td><td>{@code EmbeddingStage}</td></tr>
 * <tr><td>{@code matching}</td><td>{@link io.facestream.identities}</td><td>{@code MatchingStage}</td></tr>
 * <tr><td>{@code enrolment}</td><td>{@link io.facestream.enrolment}</td><td>{@code EnrolmentStage}</td></tr>
 * <tr><td>{@code training}</td><td>{@link io.facestream.training}</td><td>{@code TrainingStage}</td></tr>
 * </table>
 *
 * <ul>
 *   <li>What a person starts: {@link io.facestream.cli}, {@link io.facestream.demo}, {@link io.facestream.bench};
 *       HTTP: {@link io.facestream.web}.
 *   <li>Around the path: {@link io.facestream.configuration} (all settings), {@link io.facestream.embedded} (broker and
 *       database of a clone), {@link io.facestream.cameras} (video in).
 *   <li>How good it is: {@link io.facestream.photos} (labelled photos), {@link io.facestream.calibration} (what
 *       distances mean), {@link io.facestream.evaluation} (standard protocols).
 *   <li>The path: {@link io.facestream.frames}, {@link io.facestream.faces}, {@link io.facestream.detection}, {@link
 *       io.facestream.embeddings}, {@link io.facestream.gallery}, {@link io.facestream.enrolment}, {@link
 *       io.facestream.identities}, {@link io.facestream.training}.
 *   <li>What the path stands on: {@link io.facestream.models} (versions of the recognition network), {@link
 *       io.facestream.networks} (TensorFlow), {@link io.facestream.stages} (the transactional loop), {@link
 *       io.facestream.messaging} (topics and CloudEvents), {@link io.facestream.database}.
 * </ul>
 */
package io.facestream;
