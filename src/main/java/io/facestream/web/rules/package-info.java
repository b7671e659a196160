/** The view Alerts: who is told of which visits, and how the targets do. Its changes are gallery commands. */
package io.facestream.web.rules;
