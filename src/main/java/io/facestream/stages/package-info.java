/**
 * The loop that every transactional stage runs on: poll, process, send, commit; exactly once, in order per camera.
 *
 * <pre>
 *  Stages --starts--> StageLoop (one thread) --Intake--> Batch --Workers--> results, in order --Transactions--> commit
 *                         |                                  |
 *                         |                                  +-- RejectedException --RejectedRecords--> rejected-records
 *                         +-- StageMetrics, PartitionWatch, BatchTrace
 * </pre>
 *
 * <p>A stage is a {@link io.facestream.stages.StageWork}: its topics, and a function from a batch of records to what is sent.
 */
package io.facestream.stages;
