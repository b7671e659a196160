/**
 * The view Models: the model versions, how each compares with its base, and the trainings that make them. What is asked
 * for goes to {@code training-commands}; what comes of it is read from the database, where the role training stores it.
 */
package io.facestream.web.models;
