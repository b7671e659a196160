/** The page: how it goes. What the database says comes with the page, what the broker says after it. */
package io.facestream.web.health;
