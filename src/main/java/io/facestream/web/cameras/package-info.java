/** The cameras as people see them: who visited them, and how they do, which the role cameras tells on a topic. */
package io.facestream.web.cameras;
