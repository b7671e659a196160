package io.facestream.cli.users;

import io.facestream.messaging.UserName;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts a user's name on a command line to the form in which they sign in. */
final class UserNameConverter implements ITypeConverter<String> {
    @Override
    public String convert(String name) {
        try {
            return UserName.of(name);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
