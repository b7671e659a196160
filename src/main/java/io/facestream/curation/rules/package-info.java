/** How a rule of alerts is written, in the settings and in commands: whom it is about, where and when. */
package io.facestream.curation.rules;
