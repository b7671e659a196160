/** Who was there: visits, their cameras, and why people were not named, as the page and the API read them. */
package io.facestream.web.visits;
