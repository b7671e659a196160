/**
 * TensorFlow networks at run time: how a SavedModel is loaded and run, and the checks that an unknown one must pass.
 *
 * <pre>
 *  SavedModel zip --{@link io.facestream.networks.Network}--> one TensorFlow session
 *                                        |
 *                                        +-- newPredictor(translator): one per thread
 * </pre>
 */
package io.facestream.networks;
