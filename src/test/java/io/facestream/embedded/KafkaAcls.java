package io.facestream.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.SecurityUtils;

/**
 * The grants of {@code docs/kafka-acls.sh}, by running it, as its reader does, with its tool replaced by one that
 * prints.
 */
public final class KafkaAcls {
    private static final Path SCRIPT = Path.of("docs/kafka-acls.sh").toAbsolutePath();

    private KafkaAcls() {}

    /** @param environment what the reader sets, such as the principals */
    public static List<AclBinding> ofTheScript(String... environment) throws IOException {
        List<String> command = new ArrayList<>(List.of("env", "KAFKA_ACLS=echo"));
        command.addAll(List.of(environment));
        command.addAll(List.of(SCRIPT.toString(), "--bootstrap-server", "broker:9092"));
        Command script = Command.run(SCRIPT.getParent(), command);
        if (!script.succeeded()) {
            throw new IOException(script.lastLine());
        }
        return script.output().stream().flatMap(KafkaAcls::parse).distinct().toList();
    }

    /** As kafka-acls does: each operation on each resource. */
    private static Stream<AclBinding> parse(String line) {
        List<String> words = List.of(line.split(" ", -1));
        if (!words.subList(0, 3).equals(List.of("--bootstrap-server", "broker:9092", "--add"))) {
            throw new IllegalArgumentException(line);
        }
        String principal = null;
        PatternType pattern = PatternType.LITERAL;
        List<AclOperation> operations = new ArrayList<>();
        List<String[]> resources = new ArrayList<>();
        for (int i = 3; i < words.size(); i += 2) {
            String value = words.get(i + 1);
            switch (words.get(i)) {
                case "--allow-principal" -> principal = value;
                case "--operation" -> operations.add(SecurityUtils.operation(value));
                case "--resource-pattern-type" -> pattern = PatternType.fromString(value.toUpperCase(Locale.ROOT));
                case "--topic", "--group", "--transactional-id" ->
                    resources.add(new String[] {words.get(i).substring(2).replace('-', '_'), value});
                default -> throw new IllegalArgumentException(words.get(i) + " in " + line);
            }
        }
        List<AclBinding> bindings = new ArrayList<>();
        for (String[] resource : resources) {
            ResourceType type = ResourceType.fromString(resource[0].toUpperCase(Locale.ROOT));
            for (AclOperation operation : operations) {
                bindings.add(new AclBinding(
                        new ResourcePattern(type, resource[1], pattern),
                        new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW)));
            }
        }
        return bindings.stream();
    }

    /** Grants them on a broker, at its superuser's address. */
    public static void grant(String broker, List<AclBinding> acls) throws IOException {
        with(broker, admin -> admin.createAcls(acls).all().get());
    }

    /** Takes them away again. */
    public static void takeAway(String broker, List<AclBinding> acls) throws IOException {
        with(broker, admin -> admin.deleteAcls(
                        acls.stream().map(AclBinding::toFilter).toList())
                .all()
                .get());
    }

    private interface Action {
        void on(Admin admin) throws InterruptedException, ExecutionException;
    }

    private static void with(String broker, Action action) throws IOException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
            action.on(admin);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }
}
