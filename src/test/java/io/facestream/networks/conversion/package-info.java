/**
 * Makes the networks that FaceStream ships out of the TensorFlow Lite and TensorFlow.js files they were published as.
 *
 * <pre>
 *  *.tflite --TfliteFile--> tensors and operators --GraphConverter--> GraphDef --SavedModelZip--> models/*.zip
 *  *.bin ----FaceApiWeights--> tensors --SsdGraph, FaceLandmarkGraph--^
 * </pre>
 *
 * <p>{@link io.facestream.networks.conversion.ConvertNetworks} is the tool that a person runs.
 */
package io.facestream.networks.conversion;
