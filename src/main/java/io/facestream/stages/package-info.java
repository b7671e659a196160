/**
 * The loop of every transactional stage: poll, process, send, commit. Exactly once, in order per camera.
 *
 * <pre>
 *  Stages --starts--> StageLoop (one thread) --Intake--> Batch --Workers--> ordered results --Transactions--> commit
 *                         |                                  |
 *                         |                                  +-- RejectedException -RejectedRecords-> rejected-records
 *                         +-- StageMetrics, PartitionWatch, BatchTrace
 * </pre>
 *
 * <p>A stage is a {@link io.facestream.stages.StageWork}: its topics, and a function from a batch of records to the
 * records to send.
 */
package io.facestream.stages;
