package io.facestream.training.commands;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.models.ModelRegistry;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;

/** A user's command: the JSON of {@code training-commands}. Two messages with the same id are one command. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "command")
@JsonSubTypes({
    @JsonSubTypes.Type(value = FineTune.class, name = TrainingCommand.FINE_TUNE),
    @JsonSubTypes.Type(value = TrainingCommand.Cancel.class, name = TrainingCommand.CANCEL),
    @JsonSubTypes.Type(value = TrainingCommand.Promote.class, name = TrainingCommand.PROMOTE),
    @JsonSubTypes.Type(value = TrainingCommand.RollBack.class, name = TrainingCommand.ROLL_BACK)
})
public sealed interface TrainingCommand
        permits FineTune, TrainingCommand.Cancel, TrainingCommand.Promote, TrainingCommand.RollBack {
    /** {@code ce_type} of its records. */
    String TYPE = CloudEventRecords.type("training-command");

    String FINE_TUNE = "fine-tune";
    String CANCEL = "cancel";
    String PROMOTE = "promote";
    String ROLL_BACK = "roll-back";

    int MOST_SHOWN = 80;

    UUID commandId();

    /** As the JSON's field {@code command} has it. */
    String kind();

    /**
     * Reads and checks a command.
     *
     * @throws RejectedException if it is not such JSON
     * @throws IllegalArgumentException if a value is not allowed
     */
    static TrainingCommand read(byte[] json) throws RejectedException {
        TrainingCommand command = Json.read(json, TrainingCommand.class);
        if (command.commandId() == null) {
            throw new IllegalArgumentException("commandId is a UUID, and missing");
        }
        if (command instanceof FineTune fineTune) {
            fineTune.check();
        }
        if (command instanceof Promote promote) {
            requireVersion("version", promote.version());
        }
        return command;
    }

    /** Ends a queued or running fine-tuning. Its network is not kept. */
    record Cancel(UUID commandId, UUID target) implements TrainingCommand {
        public Cancel {
            require(target != null, "target, the commandId to cancel, is missing");
        }

        @Override
        public String kind() {
            return CANCEL;
        }
    }

    /** Makes a candidate or standby version the active one. */
    record Promote(UUID commandId, String version) implements TrainingCommand {
        public Promote {
            require(version != null, "version, the model version to promote, is missing");
        }

        @Override
        public String kind() {
            return PROMOTE;
        }
    }

    /** Makes the version before the active one. */
    record RollBack(UUID commandId) implements TrainingCommand {
        @Override
        public String kind() {
            return ROLL_BACK;
        }
    }

    /** @throws IllegalArgumentException if it is not a valid name of a model version */
    static void requireVersion(String field, String version) {
        require(
                ModelRegistry.isName(version),
                field + " is the name of a model version, 1 to 63 of a-z 0-9 . -, not " + shown(version));
    }

    /** A value of a command, abbreviated for the answer. */
    static String shown(String value) {
        return value.codePointCount(0, value.length()) <= MOST_SHOWN
                ? value
                : value.substring(0, value.offsetByCodePoints(0, MOST_SHOWN)) + "…";
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /**
     * The constant of a label: its name in lower case, with hyphens.
     *
     * @throws IllegalArgumentException if there is no such label; the message lists all
     */
    static <E extends Enum<E>> E named(Class<E> type, String field, String label) {
        for (E constant : type.getEnumConstants()) {
            if (label(constant).equals(label)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(field + " is one of "
                + Arrays.stream(type.getEnumConstants())
                        .map(TrainingCommand::label)
                        .collect(Collectors.joining(", "))
                + ", not " + shown(label));
    }

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
