/**
 * {@code demo}: a sample camera made from the portraits that ship, and the whole service around it.
 */
package io.facestream.demo;
