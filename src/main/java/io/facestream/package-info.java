/**
 * From camera frames to identity events.
 *
 * <pre>
 *  camera-frames -> [detection] -> detected-faces -> [embedding] -> face-embeddings -> [matching] -> identity-events
 *                                                        ^                                |
 *                                                        | weights                        | search
 *  labelled-faces --> [enrolment] -----------> PostgreSQL: model versions, gallery <------+
 *         |                                         ^
 *         +---------> [training] -------------------+
 *  training-commands ---^    `--> training-progress, model-releases
 * </pre>
 *
 * <p>Boxes are roles. Each has a package and a stage:
 *
 * <table>
 * <caption>Roles</caption>
 * <tr><th>role</th><th>package</th><th>stage</th></tr>
 * <tr><td>{@code cameras}</td><td>{@link io.facestream.cameras}</td><td>{@code CamerasStage}</td></tr>
 * <tr><td>{@code detection}</td><td>{@link io.facestream.detection}</td><td>{@code DetectionStage}</td></tr>
 * <tr><td>{@code embedding}</td><td>{@link io.facestream.embeddings}</td><td>{@code EmbeddingStage}</td></tr>
 * <tr><td>{@code matching}</td><td>{@link io.facestream.identities}</td><td>{@code MatchingStage}</td></tr>
 * <tr><td>{@code sightings}</td><td>{@link io.facestream.sightings}</td><td>{@code SightingsStage}</td></tr>
 * <tr><td>{@code enrolment}</td><td>{@link io.facestream.enrolment}</td><td>{@code EnrolmentStage}</td></tr>
 * <tr><td>{@code curation}</td><td>{@link io.facestream.curation}</td><td>{@code CurationStage}</td></tr>
 * <tr><td>{@code training}</td><td>{@link io.facestream.training}</td><td>{@code TrainingStage}</td></tr>
 * <tr><td>{@code alerts}</td><td>{@link io.facestream.alerts}</td><td>{@code AlertsStage}</td></tr>
 * <tr><td>{@code web}</td><td>{@link io.facestream.web}</td><td>none: it serves HTTP</td></tr>
 * </table>
 *
 * <p>{@link io.facestream.Main} starts every process. Packages from the top down. A package imports only packages
 * of its own row, where that makes no cycle, and of rows below; {@code ArchitectureTest} checks it.
 *
 * <ul>
 *   <li>What a person starts: {@link io.facestream.cli}, {@link io.facestream.demo}, {@link io.facestream.bench}.
 *   <li>All settings: {@link io.facestream.configuration}.
 *   <li>Learning and measuring: {@link io.facestream.training}, {@link io.facestream.evaluation}, {@link
 *       io.facestream.calibration}, {@link io.facestream.photos}.
 *   <li>The stages of the path: {@link io.facestream.alerts}, {@link io.facestream.sightings}, {@link
 *       io.facestream.identities}, {@link io.facestream.curation}, {@link io.facestream.enrolment}, {@link
 *       io.facestream.gallery}, {@link io.facestream.embeddings}, {@link io.facestream.detection}.
 *   <li>Pictures and faces: {@link io.facestream.faces}, {@link io.facestream.frames}.
 *   <li>Networks and their versions: {@link io.facestream.models}, {@link io.facestream.networks}.
 *   <li>Kafka: {@link io.facestream.stages} (the transactional loop), {@link io.facestream.channels} (SmallRye).
 *   <li>The ground: {@link io.facestream.messaging} (topics, CloudEvents, rejected records), {@link
 *       io.facestream.database} (SQL), {@link io.facestream.video} (video), {@link io.facestream.secrets} (mounted
 *       secrets), {@link io.facestream.embedded} (the broker and database of a clone). {@link io.facestream.web} (HTTP)
 *       stands on the stages.
 * </ul>
 */
package io.facestream;
