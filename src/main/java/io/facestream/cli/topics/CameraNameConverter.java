package io.facestream.cli.topics;

import io.facestream.frames.CameraFrame;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts a camera's name on a command line to the form that its events have. */
public final class CameraNameConverter implements ITypeConverter<String> {
    @Override
    public String convert(String name) {
        try {
            return CameraFrame.cameraName(name);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
