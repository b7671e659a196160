/**
 * Versions of the recognition network: the registry, how a version's status changes, and how one comes in and out as a file.
 *
 * <pre>
 *  candidate --promote--> active --next promotion--> standby --retire--> retired
 *                           ^------roll back------------'
 * </pre>
 */
package io.facestream.models;
