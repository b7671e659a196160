package io.facestream.cli;

import io.facestream.frames.CameraFrame;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A camera's name on a command line, in the form that its events have. */
final class CameraNameConverter implements ITypeConverter<String> {
    @Override
    public String convert(String name) {
        try {
            return CameraFrame.cameraName(name);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
