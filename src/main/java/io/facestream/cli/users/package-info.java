/** Commands about the users of the page: {@code users}. */
package io.facestream.cli.users;
