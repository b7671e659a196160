/** Who is in the gallery: people, their photos and faces, as the page and the API read them. */
package io.facestream.web.people;
