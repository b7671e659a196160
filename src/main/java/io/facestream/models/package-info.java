/**
 * Versions of the recognition network: the registry, changes of a version's status, and import and export as files.
 *
 * <pre>
 *  candidate --promote--> active --next promotion--> standby --retire--> retired
 *                           ^------roll back------------'
 * </pre>
 */
package io.facestream.models;
