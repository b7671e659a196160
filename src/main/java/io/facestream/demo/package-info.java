/** {@code demo}: a sample camera made from the shipped portraits, and the whole service around it. */
package io.facestream.demo;
