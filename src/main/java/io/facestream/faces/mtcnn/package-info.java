/**
 * MTCNN, the default detector: three cascaded networks over a pyramid of pictures (Zhang et al. 2016,
 * arXiv:1604.02878).
 */
package io.facestream.faces.mtcnn;
