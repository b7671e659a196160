/**
 * Makes the networks that FaceStream ships out of the TensorFlow Lite, TensorFlow.js and ONNX files they were published
 * as.
 *
 * <pre>
 *  *.tflite --TfliteFile--> tensors and operators --GraphConverter--> GraphDef --SavedModelZip--> models/*.zip
 *  *.onnx ---OnnxFile--> tensors and operators --RfbGraph, PairGraph, LivenessGraph----^
 *  *.bin ----FaceApiWeights--> tensors --SsdGraph, FaceLandmarkGraph--^
 * </pre>
 *
 * <p>{@link io.facestream.networks.conversion.ConvertNetworks} is the tool that a person runs.
 */
package io.facestream.networks.conversion;
