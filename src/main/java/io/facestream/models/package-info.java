/**
 * Networks that run: the ones that ship as SavedModels under {@code models/} on the class path, and how any SavedModel
 * becomes something that answers. And the registry of recognition networks: its versions, how their status changes, and how they
 * come in and out as files.
 *
 * <pre>
 *  SavedModel zip --{@link io.facestream.models.Network}--> one TensorFlow session
 *                                        |
 *                                        +-- newPredictor(translator): one per thread
 * </pre>
 */
package io.facestream.models;
