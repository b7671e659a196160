/**
 * Commands that run or prepare a service: {@code up}, {@code setup}, {@code migrate}.
 */
package io.facestream.cli.service;
