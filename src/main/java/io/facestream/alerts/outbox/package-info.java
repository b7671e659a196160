/**
 * Alerts between being stored and being delivered: the table {@code facestream.alert_outbox}.
 *
 * <pre>
 *                 +--> cancelled    the visit turned out to be of somebody else
 *                 +--> cooled-down  another alert for the subject was shortly before
 *  (stored) --> waiting --> sent
 *     |           +--> expired      its news is older than max-age; waits again if news of the visit come
 *     |           +--> failed       refused by the target, or tried too often
 *     |           +--> dropped      too many waited for the target
 *     +--> expired
 * </pre>
 */
package io.facestream.alerts.outbox;
