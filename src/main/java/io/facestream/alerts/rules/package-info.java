/** Which visits a rule is about: who, where and when. */
package io.facestream.alerts.rules;
