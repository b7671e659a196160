/**
 * The role {@code web}, and what every process exposes over HTTP: health at {@code /q/health} of the management port,
 * metrics at {@code /q/metrics}.
 *
 * <pre>
 *  request --UploadGuard--> keys: who is it? --> identify, compreface: the networks, then the gallery --> JSON
 *     |                                                `--> audit trail: a row for each search
 *     `--cookie--> users: whose session? --> page: visits, people, health --> HTML
 *                                              `--> audit trail: a row for each look at a face
 * </pre>
 */
package io.facestream.web;
