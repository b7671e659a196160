/** Sends what cameras have to say, as long as this process may: in transactions that fence former owners. */
package io.facestream.cameras.sending;
