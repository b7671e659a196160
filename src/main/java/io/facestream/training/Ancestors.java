package io.facestream.training;

import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.facestream.models.ShippedModel;
import io.facestream.training.commands.CommandLog;
import io.facestream.training.commands.FineTune;
import io.facestream.training.commands.TrainingCommand;
import io.facestream.training.network.Architecture;
import io.facestream.training.network.NetworkGraph;
import java.sql.SQLException;
import java.util.Optional;

/**
 * The versions that a training learns from.
 *
 * @param base version to compare with
 * @param weights of the base
 * @param architecture of the network that is trained
 * @param start weights to begin with, the base's; empty for random ones
 * @param teacher weights of the network whose similarities are learnt; empty for none
 */
record Ancestors(
        ModelVersion base,
        byte[] weights,
        Architecture architecture,
        Optional<byte[]> start,
        Optional<byte[]> teacher) {
    /** @throws IllegalArgumentException if the command names versions that cannot be used */
    static Ancestors of(FineTune command, CommandLog log, ModelRegistry registry) throws SQLException {
        String name = log.version(
                command.commandId(), command.base() == null ? registry.active().version() : command.base());
        ModelVersion base = registry.find(name)
                .orElseThrow(() -> new IllegalArgumentException("there is no model version " + name));
        boolean fromRandom = command.base() == null
                && command.askedArchitecture()
                        .filter(Architecture.RESNET50::equals)
                        .isPresent();
        if (!fromRandom) {
            requireNobodyErased("base", base, registry);
        }
        byte[] weights = registry.weights(base);
        return new Ancestors(
                base,
                weights,
                fromRandom ? Architecture.RESNET50 : architecture(command, base),
                fromRandom ? Optional.empty() : Optional.of(weights),
                teacher(command, registry));
    }

    private static Architecture architecture(FineTune command, ModelVersion base) {
        Architecture ofBase = TrainingCommand.named(Architecture.class, "the base's architecture", base.architecture());
        command.askedArchitecture()
                .ifPresent(asked -> TrainingCommand.require(
                        asked == ofBase,
                        "the base " + base.version() + " is a " + ofBase.label() + ", and no " + asked.label()));
        return ofBase;
    }

    /** The pair that ships can teach by its own name, whether or not it is in the registry. */
    private static Optional<byte[]> teacher(FineTune command, ModelRegistry registry) throws SQLException {
        String name = command.teacher();
        if (name == null) {
            return Optional.empty();
        }
        Optional<ModelVersion> version = registry.find(name);
        if (version.isEmpty() && name.equals(ShippedModel.PAIR)) {
            return Optional.of(ShippedModel.pairWeights());
        }
        ModelVersion teacher = version.orElseThrow(
                () -> new IllegalArgumentException("there is no model version " + name + " to be the teacher"));
        TrainingCommand.require(
                teacher.status() != ModelVersion.Status.RETIRED,
                "the teacher " + name + " is retired, and its weights may be removed: name another teacher");
        requireNobodyErased("teacher", teacher, registry);
        TrainingCommand.require(
                teacher.inputSide() == NetworkGraph.INPUT_SIDE,
                "the teacher " + name + " takes faces of " + teacher.inputSide() + " px, not of "
                        + NetworkGraph.INPUT_SIDE);
        return Optional.of(registry.weights(teacher));
    }

    private static void requireNobodyErased(String what, ModelVersion version, ModelRegistry registry)
            throws SQLException {
        long erased = registry.erasedSince(version);
        TrainingCommand.require(
                erased == 0,
                "the " + what + " " + version.version() + " has learnt from " + erased
                        + " people who were erased since: name another " + what);
    }
}
