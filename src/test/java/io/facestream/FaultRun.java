package io.facestream;

import io.facestream.embedded.EmbeddedKafka;
import io.facestream.embedded.LocalPostgres;
import io.facestream.embedded.Setup;
import io.facestream.embedded.TestServices;
import io.facestream.gallery.GallerySchema;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.Topic;
import io.facestream.sightings.message.Sighting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Plays cameras to an installation of real processes while these are killed and frozen, and counts what came of every
 * frame. It is no test: it takes minutes, and wants a machine to itself. After {@code mvn -DskipTests package}:
 *
 * <pre>
 * mvn -q test-compile dependency:build-classpath -Dmdep.outputFile=target/test.classpath -Dmdep.includeScope=test
 * java -cp "target/test-classes:target/classes:$(cat target/test.classpath)" io.facestream.FaultRun 240
 * </pre>
 *
 * <p>The number is how many seconds faults go on, 30 to 420; then the rest is waited for, 3 minutes at most. Broker
 * and roles are processes of their own, of the built application; PostgreSQL is one of the run's own. Everything they
 * say is in the folder that is named first. The exit code is 0 if no frame was lost, doubled or out of order, each
 * poison record was rejected for its own reason, every frame that was deleted before detection had read it was told,
 * visits are those that the same events make without faults, each visit alerted once, and {@code publish} and {@code
 * watch} survived it all.
 */
final class FaultRun implements AutoCloseable {
    private static final int DEFAULT_SECONDS = 240;
    private static final int LEAST_SECONDS = 30;
    private static final int MOST_SECONDS = 420;
    private static final Duration BETWEEN_FAULTS = Duration.ofSeconds(12);
    private static final Duration FROZEN = Duration.ofSeconds(15);
    private static final Duration START = Duration.ofMinutes(5);
    private static final Duration REST = Duration.ofMinutes(3);
    private static final List<String> STAGES = List.of("detection", "embedding", "matching", "sightings", "alerts");

    private final Path folder;
    private final Map<String, FaultRunProcess> processes = new LinkedHashMap<>();
    private final Map<String, Integer> faults = new LinkedHashMap<>();
    private final int brokerPort = TestServices.freePort();
    private final String broker = "127.0.0.1:" + brokerPort;
    private final Path databaseFolder;
    private final int databasePort = TestServices.freePort();
    private final FaultRunAlerts alerts;
    private LocalPostgres database;

    private FaultRun(Path folder) throws IOException {
        this.folder = folder;
        databaseFolder = TestServices.newFolder();
        alerts = new FaultRunAlerts(folder);
    }

    /** @param arguments the seconds that faults go on */
    public static void main(String[] arguments) throws Exception {
        int seconds = arguments.length == 0 ? DEFAULT_SECONDS : Integer.parseInt(arguments[0]);
        if (seconds < LEAST_SECONDS || seconds > MOST_SECONDS) {
            System.err.println("faults go on for " + LEAST_SECONDS + " to " + MOST_SECONDS + " s, not " + seconds);
            System.exit(2);
        }
        if (!Files.exists(Path.of("target/quarkus-app/quarkus-run.jar"))) {
            System.err.println("the application is not built: mvn -DskipTests package");
            System.exit(2);
        }
        Path folder = Files.createTempDirectory("facestream-fault-run-");
        System.out.println("What the processes say is in " + folder);
        boolean whole = false;
        try (FaultRun run = new FaultRun(folder)) {
            whole = run.run(Duration.ofSeconds(seconds));
        } catch (IOException e) {
            System.err.println(e.getMessage());
        }
        System.exit(whole ? 0 : 1);
    }

    private boolean run(Duration length) throws Exception {
        startAll();
        FaultRunFrames frames = new FaultRunFrames(KafkaConnection.to(broker));
        FaultRunProcess publish = start("publish", publish());
        FaultRunProcess watch = start("watch", launcher(List.of("watch", "--json", "--from-beginning"), Map.of()));
        frames.start();
        Instant end = Instant.now().plus(length);
        Random random = new Random(1);
        int count = 0;
        while (Instant.now().isBefore(end)) {
            Thread.sleep(BETWEEN_FAULTS.toMillis());
            fault(count++, random);
        }
        boolean publishLived = publish.isAlive();
        publish.terminate();
        frames.stop();
        FaultRunCount counted = new FaultRunCount(KafkaConnection.to(broker), frames.sent(), this::skipped);
        counted.follow(REST);
        boolean watchLived = watch.isAlive();
        Thread.sleep(2_000);
        watch.terminate();
        boolean whole = report(counted, frames, publishLived, watchLived, watch.lines());
        return visits() && whole;
    }

    /** Compares visits with those that the same events make without faults. */
    private boolean visits() throws Exception {
        FaultRunVisits visits = new FaultRunVisits(KafkaConnection.to(broker));
        Map<String, Sighting> faulty = visits.read(REST);
        alerts.follow(database(), REST);
        boolean alerted = alerts.report(faulty.keySet(), database(), FaultRun::line);
        processes.get("sightings").terminate();
        visits.forget();
        processes.get("sightings").start();
        return visits.report(faulty, visits.read(REST), database(), FaultRun::line) && alerted;
    }

    private PGSimpleDataSource database() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(database.jdbcUrl());
        source.setUser(database.userName());
        source.setPassword(database.password());
        return source;
    }

    private void startAll() throws Exception {
        start("broker", brokerCommand()).await("ready ", START);
        if (!Setup.isComplete()) {
            Setup.run(System.out::println);
        }
        database = LocalPostgres.start(databaseFolder, databasePort);
        GallerySchema.migrate(database());
        for (String role : STAGES) {
            start(role, role(role));
        }
        start("enrolment", role("enrolment"));
        for (FaultRunProcess process : List.copyOf(processes.values())) {
            if (!process.name().equals("broker")) {
                process.await("Ready: ", START);
            }
        }
        FaultRunProcess enrol = start(
                "enrol",
                launcher(
                        List.of(
                                "enrol",
                                Path.of("src/main/resources/demo/people").toString()),
                        Map.of()));
        enrol.awaitEnd(START);
    }

    private FaultRunProcess start(String name, ProcessBuilder command) throws IOException {
        FaultRunProcess process = new FaultRunProcess(name, command, folder.resolve(name + ".log"));
        processes.put(name, process);
        process.start();
        return process;
    }

    private ProcessBuilder brokerCommand() {
        return new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                System.getProperty("java.class.path"),
                EmbeddedKafka.class.getName(),
                folder.resolve("kafka").toString(),
                Integer.toString(brokerPort));
    }

    private ProcessBuilder role(String role) {
        return launcher(
                List.of("up", "--roles", role),
                Map.of(
                        "FACESTREAM_INSTANCE",
                        "fault-run-" + role,
                        "QUARKUS_MANAGEMENT_PORT",
                        Integer.toString(TestServices.freePort())));
    }

    /** Publishes frames of pictures in an endless loop, as a user would. */
    private ProcessBuilder publish() throws IOException {
        Path pictures = Files.createDirectory(folder.resolve("pictures"));
        Files.write(pictures.resolve("1.jpg"), FaultRunFrames.small());
        Files.write(pictures.resolve("2.jpg"), FaultRunFrames.small());
        return launcher(
                List.of("publish", pictures.toString(), "--camera", "published", "--fps", "1", "--loop"), Map.of());
    }

    private ProcessBuilder launcher(List<String> arguments, Map<String, String> more) {
        List<String> command =
                new ArrayList<>(List.of(Path.of("facestream").toAbsolutePath().toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = new HashMap<>(more);
        environment.put("KAFKA_BOOTSTRAP_SERVERS", broker);
        environment.put("QUARKUS_DATASOURCE_JDBC_URL", database.jdbcUrl());
        environment.put("QUARKUS_DATASOURCE_USERNAME", database.userName());
        environment.put("QUARKUS_DATASOURCE_PASSWORD", database.password());
        environment.put("FACESTREAM_HOME", folder.resolve("home").toString());
        environment.put("FACESTREAM_JAVA_OPTS", "-Xmx1g " + String.join(" ", alerts.settings()));
        builder.environment().putAll(environment);
        return builder;
    }

    /** Every kind in turn, so that a short run has all of them; which stage, by chance. */
    private void fault(int number, Random random) throws Exception {
        FaultRunProcess stage = processes.get(STAGES.get(random.nextInt(STAGES.size())));
        FaultRunProcess kafka = processes.get("broker");
        switch (number % 8) {
            case 0 -> {
                told(stage.name() + " killed and started again");
                stage.kill();
                stage.start();
            }
            case 1 -> {
                told("broker frozen " + FROZEN.toSeconds() + " s");
                freeze(kafka);
            }
            case 2 -> {
                told(stage.name() + " frozen " + FROZEN.toSeconds() + " s");
                freeze(stage);
            }
            case 3 -> {
                told("broker killed, started again after 5 s");
                kafka.kill();
                Thread.sleep(5_000);
                kafka.start();
                kafka.await("ready ", START);
            }
            case 4 -> {
                told("all stages ended in order and started again");
                for (String name : STAGES) {
                    processes.get(name).terminate();
                }
                for (String name : STAGES) {
                    processes.get(name).start();
                }
            }
            case 5 -> {
                told("PostgreSQL killed, started again after 5 s");
                killDatabase();
                Thread.sleep(5_000);
                database = LocalPostgres.start(databaseFolder, databasePort);
            }
            case 6 -> {
                FaultRunProcess detection = processes.get("detection");
                if (random.nextBoolean()) {
                    told("retention overtakes detection, which is frozen");
                    detection.signal("STOP");
                    overtake();
                    detection.signal("CONT");
                } else {
                    told("retention overtakes detection, which was killed and is started again");
                    detection.kill();
                    overtake();
                    detection.start();
                }
            }
            default -> {
                told("all stages and the broker killed at once and started again");
                for (String name : STAGES) {
                    processes.get(name).kill();
                }
                kafka.kill();
                kafka.start();
                kafka.await("ready ", START);
                for (String name : STAGES) {
                    processes.get(name).start();
                }
            }
        }
        // A stage may end itself where it cannot go on; its supervisor then starts it again.
        for (String name : STAGES) {
            if (!processes.get(name).isAlive()) {
                told(name + " had ended by itself");
                processes.get(name).start();
            }
        }
    }

    private void killDatabase() throws Exception {
        long pid = Long.parseLong(Files.readAllLines(databaseFolder.resolve("data/postmaster.pid"))
                .get(0)
                .strip());
        ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
        server.destroyForcibly();
        server.onExit().get();
    }

    /**
     * Deletes the frames of some seconds in which detection does not read, as a short retention would.
     */
    private void overtake() throws Exception {
        Thread.sleep(FROZEN.toMillis());
        try (Admin admin = KafkaConnection.to(broker).admin()) {
            String topic = Topic.CAMERA_FRAMES.topicName();
            Map<TopicPartition, RecordsToDelete> everything = new HashMap<>();
            admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .partitions()
                    // -1 is the end of a partition
                    .forEach(partition -> everything.put(
                            new TopicPartition(topic, partition.partition()), RecordsToDelete.beforeOffset(-1)));
            admin.deleteRecords(everything).all().get();
        }
    }

    /**
     * What detection has told as deleted before it was read: partitions, and their offsets from the first to the
     * last.
     */
    private List<FaultRunCount.Skipped> skipped() throws IOException {
        Pattern line =
                Pattern.compile("retention has overtaken (\\S+)-(\\d+): the records at offsets (\\d+) to (\\d+) were");
        try (Stream<String> lines = Files.lines(folder.resolve("detection.log"))) {
            return lines.map(line::matcher)
                    .filter(Matcher::find)
                    .map(found -> new FaultRunCount.Skipped(
                            found.group(1),
                            Integer.parseInt(found.group(2)),
                            Long.parseLong(found.group(3)),
                            Long.parseLong(found.group(4))))
                    .toList();
        }
    }

    private static void freeze(FaultRunProcess process) throws Exception {
        process.signal("STOP");
        Thread.sleep(FROZEN.toMillis());
        process.signal("CONT");
    }

    private void told(String fault) {
        System.out.println(Instant.now() + "  " + fault);
        faults.merge(fault, 1, Integer::sum);
    }

    private boolean report(
            FaultRunCount counted, FaultRunFrames frames, boolean publishLived, boolean watchLived, long watched) {
        System.out.println();
        faults.forEach((fault, times) -> line("fault: " + fault, times));
        line("frames sent by this program and acknowledged, not acknowledged", frames.told());
        boolean whole = counted.report(FaultRun::line);
        boolean poison = frames.report(counted, FaultRun::line);
        line("publish outlived the faults, frames on its camera", publishLived + ", " + counted.frames("published"));
        line("watch outlived the faults, events that it printed", watchLived + ", " + watched);
        return whole && poison && publishLived && watchLived;
    }

    private static void line(String what, Object figure) {
        System.out.printf("%-72s %s%n", what, figure);
    }

    @Override
    public void close() throws Exception {
        for (FaultRunProcess process : processes.values()) {
            process.kill();
        }
        alerts.close();
        if (database != null) {
            database.close();
        }
        TestServices.delete(databaseFolder);
    }
}
