/** The page: a map of the gallery, on which people who look alike lie close to each other. */
package io.facestream.web.map;
