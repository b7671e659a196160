/**
 * TensorFlow networks that run: how any SavedModel becomes something that answers, and the trial that an unknown one has to pass.
 *
 * <pre>
 *  SavedModel zip --{@link io.facestream.networks.Network}--> one TensorFlow session
 *                                        |
 *                                        +-- newPredictor(translator): one per thread
 * </pre>
 */
package io.facestream.networks;
