/**
 * MTCNN: three cascaded networks over a pyramid of pictures (Zhang et al. 2016, arXiv:1604.02878). The last two also
 * judge what {@link io.facestream.faces.rfb} proposes.
 */
package io.facestream.faces.mtcnn;
