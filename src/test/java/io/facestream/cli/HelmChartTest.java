package io.facestream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.facestream.EnvironmentNames;
import io.facestream.cli.service.MigrateCommand;
import io.facestream.cli.service.UpCommand;
import io.facestream.configuration.Role;
import io.facestream.configuration.SettingNames;
import io.facestream.configuration.Settings;
import io.facestream.embedded.KafkaAcls;
import io.facestream.messaging.Topic;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/**
 * The chart renders to what Kubernetes takes, and says what the application says.
 *
 * <p>helm is a library of Go, whose runtime takes the signals of the process: a JVM that has loaded it answers no
 * jstack any more.
 */
@Tag("own-process")
class HelmChartTest {
    private static final Path CHART = Path.of("helm/facestream");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The generated types refuse fields that Kubernetes does not have. */
    private static final Map<String, Check> KINDS = Map.of(
            "ConfigMap", V1ConfigMap::validateJsonElement,
            "Deployment", V1Deployment::validateJsonElement,
            "HorizontalPodAutoscaler", V2HorizontalPodAutoscaler::validateJsonElement,
            "Ingress", V1Ingress::validateJsonElement,
            "NetworkPolicy", V1NetworkPolicy::validateJsonElement,
            "PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
            "Service", V1Service::validateJsonElement,
            "ServiceAccount", V1ServiceAccount::validateJsonElement,
            "StatefulSet", V1StatefulSet::validateJsonElement);

    private interface Check {
        void validate(JsonElement element) throws IOException;
    }

    @Test
    void lintFindsNothingWrong() {
        LintResult lint = new Helm(CHART).lint().strict().call();

        assertThat(lint.isFailed()).as(lint.getMessages().toString()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "minimal", "gpu", "tls", "cameras", "alerts", "web"})
    void kubernetesTakesEveryObject(String example) throws IOException {
        List<JsonNode> objects = render(example);

        assertThat(objects).isNotEmpty();
        for (JsonNode object : objects) {
            String kind = object.path("kind").asText();
            switch (kind) {
                case "ServiceMonitor", "ScaledObject" ->
                    assertThat(violations(kind, object)).isEmpty();
                default -> {
                    assertThat(KINDS).as(object.toString()).containsKey(kind);
                    KINDS.get(kind).validate(JsonParser.parseString(object.toString()));
                }
            }
        }
    }

    @Test
    void theChecksRefuseAFieldThatKubernetesDoesNotHave() throws IOException {
        JsonElement statefulSet = JsonParser.parseString(only("default", "StatefulSet", "detection")
                .toString()
                .replace("terminationGracePeriodSeconds", "terminationGraceSeconds"));

        assertThatThrownBy(() -> V1StatefulSet.validateJsonElement(statefulSet))
                .hasMessageContaining("terminationGraceSeconds");
    }

    @Test
    void aValueThatDoesNotExistIsRefusedByName() {
        assertThatThrownBy(() -> new Helm(CHART)
                        .template()
                        .set("roles.matching.replica", 3)
                        .call())
                .hasMessageContaining("at '/roles/matching'")
                .hasMessageContaining("'replica' not allowed");
    }

    @Test
    void moreReplicasAtLeastThanAtMostAreRefused() {
        assertThatThrownBy(() -> new Helm(CHART)
                        .template()
                        .set("roles.matching.autoscaling.by", "lag")
                        .set("roles.matching.autoscaling.minReplicas", 7)
                        .call())
                .hasMessageContaining("roles.matching.autoscaling.minReplicas (7) is above maxReplicas (6)");
    }

    @ParameterizedTest
    @CsvSource({"ScaledObject, minReplicaCount", "ServiceMonitor, endpoints", "ServiceMonitor, interval"})
    void theChecksRefuseAFieldThatACustomResourceDoesNotHave(String kind, String field) throws IOException {
        JsonNode object = only("gpu", kind, "matching");
        JsonNode misspelt = JSON.readTree(object.toString().replace('"' + field + '"', '"' + field + "s\""));

        assertThat(misspelt).isNotEqualTo(object);
        assertThat(violations(kind, object)).isEmpty();
        assertThat(violations(kind, misspelt).toString()).contains("'" + field + "s' is not defined");
    }

    @Test
    void saslWithoutASecretIsRefused() {
        assertThatThrownBy(() -> new Helm(CHART)
                        .template()
                        .set("kafka.securityProtocol", "SASL_SSL")
                        .set("kafka.saslMechanism", "SCRAM-SHA-512")
                        .call())
                .hasMessageContaining("kafka.saslSecret is needed for SASL");
    }

    @Test
    void eachRoleOfTheApplicationIsAWorkloadThatTheCommandLineTakes() throws IOException {
        Set<String> roles = new TreeSet<>();
        List<JsonNode> workloads = new ArrayList<>(workloads("cameras"));
        workloads.addAll(workloads("alerts"));
        workloads.addAll(workloads("web"));
        for (JsonNode workload : workloads) {
            List<String> arguments = strings(container(workload).path("args"));
            new CommandLine(new UpCommand())
                    .parseArgs(arguments.subList(1, arguments.size()).toArray(String[]::new));
            assertThat(arguments.get(0)).isEqualTo("up");
            roles.add(arguments.get(2));
        }

        assertThat(roles)
                .isEqualTo(Arrays.stream(Role.values()).map(Role::toString).collect(Collectors.toSet()));
    }

    @Test
    void theDatabaseIsNamedWhereTheRolesProfileNeedsIt() throws IOException {
        Properties application = EnvironmentNames.application();
        for (JsonNode workload : workloads("tls")) {
            String role = container(workload).path("name").asText();
            boolean needed = "true".equals(application.getProperty("%" + role + ".quarkus.datasource.active"));

            assertThat(environment(workload).containsKey("QUARKUS_DATASOURCE_JDBC_URL"))
                    .as(role)
                    .isEqualTo(needed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpu", "tls", "cameras", "alerts", "web"})
    void everyNameInTheEnvironmentIsASettingOfTheApplication(String example) throws IOException {
        for (JsonNode workload : workloads(example)) {
            assertThat(EnvironmentNames.known())
                    .containsAll(environment(workload).keySet());
            new SettingNames(Settings.MAPPINGS)
                    .checkEnvironment(environment(workload).keySet());
        }
    }

    @Test
    void replicasAreCalledByTheirPodsNamesWhichStayTheSame() throws IOException {
        assertThat(workloads("default")).hasSize(7);
        for (JsonNode workload : workloads("default")) {
            assertThat(environment(workload)
                            .get("FACESTREAM_INSTANCE")
                            .at("/valueFrom/fieldRef/fieldPath")
                            .asText())
                    .isEqualTo("metadata.name");
        }
    }

    @Test
    void camerasAreFilmedOnlyWhereTheValuesSaySoAndReachTheirNetworkAndTheirLogins() throws IOException {
        assertThat(render("default"))
                .noneMatch(object -> object.at("/metadata/name").asText().endsWith("-cameras"));
        assertThat(only("cameras", "NetworkPolicy", "cameras")
                        .at("/spec/egress/1/to/0/ipBlock/cidr")
                        .asText())
                .isEqualTo("10.20.0.0/16");
        assertThat(only("cameras", "NetworkPolicy", "detection").at("/spec/egress"))
                .hasSize(1);
        assertThat(environment(only("cameras", "StatefulSet", "cameras"))
                        .get("FACESTREAM_CAMERAS_SECRETS")
                        .path("value")
                        .asText())
                .isEqualTo("/etc/facestream/cameras");
    }

    @Test
    void theApiListensOnlyWhereTheValuesSaySoAndForWhomTheyName() throws IOException {
        assertThat(render("default"))
                .noneMatch(object -> object.at("/metadata/name").asText().matches(".*-(web|api)"));
        assertThat(only("web", "Service", "api").at("/spec/ports/0/port").asInt())
                .isEqualTo(8080);
        assertThat(only("web", "NetworkPolicy", "web").at("/spec/ingress/1").toString())
                .contains("\"port\":8080", "kubernetes.io/metadata.name");
        assertThat(only("web", "NetworkPolicy", "detection").at("/spec/ingress").size())
                .isEqualTo(1);
        assertThat(only("web", "Deployment", "web")
                        .at("/spec/template/spec/containers/0/ports/1/containerPort")
                        .asInt())
                .isEqualTo(8080);
    }

    @Test
    void aPodOfTheApiEndsOnlyOnceAnotherIsReadyAndNobodyNeedsItsName() throws IOException {
        assertThat(only("web", "Deployment", "web").at("/spec/strategy/rollingUpdate/maxUnavailable"))
                .hasToString("0");
        assertThat(only("web", "HorizontalPodAutoscaler", "web")
                        .at("/spec/scaleTargetRef/kind")
                        .asText())
                .isEqualTo("Deployment");
        assertThat(render("web").stream()
                        .filter(object -> object.path("kind").asText().equals("StatefulSet"))
                        .map(object -> object.at("/metadata/name").asText()))
                .contains("door-facestream-detection")
                .noneMatch(name -> name.endsWith("-web"));
    }

    @Test
    void anIngressLeadsBrowsersToTheApiByTlsAndIsBelieved() throws IOException {
        assertThat(render("default"))
                .noneMatch(object -> object.path("kind").asText().equals("Ingress"));
        JsonNode ingress = only("web", "Ingress", "api");
        assertThat(ingress.at("/spec/tls/0").toString())
                .isEqualTo("{\"hosts\":[\"faces.example\"],\"secretName\":\"faces-tls\"}");
        assertThat(ingress.at("/spec/rules/0/http/paths/0/backend/service/name").asText())
                .isEqualTo(only("web", "Service", "api").at("/metadata/name").asText());
        assertThat(environment(only("web", "Deployment", "web")))
                .containsKeys("QUARKUS_HTTP_PROXY_PROXY_ADDRESS_FORWARDING", "QUARKUS_HTTP_PROXY_ALLOW_X_FORWARDED");
    }

    @Test
    void anIngressTakesAsMuchAsTheApplication() throws IOException {
        Properties application = new Properties();
        try (InputStream in = getClass().getResourceAsStream("/application.properties")) {
            application.load(in);
        }

        assertThat(only("web", "Ingress", "api")
                        .at("/metadata/annotations")
                        .path("nginx.ingress.kubernetes.io/proxy-body-size")
                        .asText())
                .isEqualToIgnoringCase(application.getProperty("quarkus.http.limits.max-body-size"));
    }

    @Test
    void anIngressThatAnybodyCouldPretendToBeIsRefused() {
        assertThatThrownBy(() -> new Helm(CHART)
                        .template()
                        .set("roles.web.enabled", true)
                        .set("roles.web.ingress.enabled", true)
                        .set("roles.web.ingress.host", "faces.example")
                        .call())
                .hasMessageContaining("roles.web.ingress needs roles.web.from");
    }

    @Test
    void singleSignOnHasItsSecretAsAFileAndReachesItsProvider() throws IOException {
        JsonNode workload = only("web", "Deployment", "web");
        assertThat(environment(workload)
                        .get("FACESTREAM_WEB_OIDC_SECRET_FILE")
                        .path("value")
                        .asText())
                .isEqualTo("/etc/facestream/oidc/client-secret");
        assertThat(workload.at("/spec/template/spec/volumes").findValuesAsText("secretName"))
                .containsExactly("web-oidc");
        assertThat(only("web", "NetworkPolicy", "web")
                        .at("/spec/egress/1/to/0/ipBlock/cidr")
                        .asText())
                .isEqualTo("10.30.0.5/32");
    }

    @Test
    void alertsAreSentOnlyWhereTheValuesSaySoAndReachTheirTargetsWithTheirSecrets() throws IOException {
        assertThat(render("default"))
                .noneMatch(object -> object.at("/metadata/name").asText().endsWith("-alerts"));
        assertThat(only("alerts", "NetworkPolicy", "alerts")
                        .at("/spec/egress/1/ports/0/port")
                        .asInt())
                .isEqualTo(443);
        assertThat(only("alerts", "NetworkPolicy", "detection").at("/spec/egress"))
                .hasSize(1);
        JsonNode workload = only("alerts", "StatefulSet", "alerts");
        assertThat(environment(workload)
                        .get("FACESTREAM_ALERTS_SECRETS")
                        .path("value")
                        .asText())
                .isEqualTo("/etc/facestream/alerts");
        assertThat(workload.at("/spec/template/spec/volumes").findValuesAsText("secretName"))
                .containsExactly("alert-targets");
    }

    /** The operator takes the job's name from a label of the Service. */
    @Test
    void everyRoleIsScrapedAsTheJobThatTheAlertsName() throws IOException {
        String alerts = Files.readString(Path.of("monitoring/alerts.yml"));
        List<String> jobs = new ArrayList<>();
        for (JsonNode object : render("gpu")) {
            if (object.path("kind").asText().equals("ServiceMonitor")) {
                String role = object.at("/spec/selector/matchLabels")
                        .path("app.kubernetes.io/component")
                        .asText();
                jobs.add(only("gpu", "Service", role)
                        .at("/metadata/labels")
                        .path(object.at("/spec/jobLabel").asText())
                        .asText());
            }
        }

        assertThat(jobs).hasSize(7).containsOnly("facestream");
        assertThat(alerts).contains("up{job=\"facestream\"}");
    }

    @Test
    void aCollectorOfTracesMayBeReachedWhereTheValuesSaySo() throws IOException {
        assertThat(only("gpu", "NetworkPolicy", "matching")
                        .at("/spec/egress/1/ports/0/port")
                        .asInt())
                .isEqualTo(4317);
        assertThat(only("default", "NetworkPolicy", "matching").at("/spec/egress"))
                .hasSize(1);
    }

    @Test
    void everySettingOfTheExamplesIsOneOfTheApplication() throws IOException {
        for (String example : List.of("default", "gpu", "minimal", "tls")) {
            Properties settings = new Properties();
            settings.load(new StringReader(render(example).stream()
                    .filter(object -> object.path("kind").asText().equals("ConfigMap"))
                    .findFirst()
                    .orElseThrow()
                    .at("/data/application.properties")
                    .asText()));
            assertThat(EnvironmentNames.known())
                    .containsAll(settings.stringPropertyNames().stream()
                            .map(EnvironmentNames::of)
                            .toList());
            new SettingNames(Settings.MAPPINGS).checkProperties(example, settings.stringPropertyNames());
        }
    }

    @Test
    void lagIsMeasuredOnGroupsAndTopicsOfTheCode() throws IOException {
        Map<String, String> topics = new HashMap<>();
        for (JsonNode object : render("gpu")) {
            if (object.path("kind").asText().equals("ScaledObject")) {
                JsonNode trigger = object.at("/spec/triggers/0/metadata");
                // the resource's definition leaves these to each kind of trigger
                assertThat(trigger.fieldNames())
                        .toIterable()
                        .containsExactlyInAnyOrder("bootstrapServers", "consumerGroup", "topic", "lagThreshold");
                topics.put(
                        trigger.path("consumerGroup").asText(),
                        trigger.path("topic").asText());
            }
        }

        assertThat(topics)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "facestream-embedding",
                        Topic.DETECTED_FACES.topicName(),
                        "facestream-matching",
                        Topic.FACE_EMBEDDINGS.topicName(),
                        "facestream-enrolment",
                        Topic.LABELLED_FACES.topicName()));
    }

    /** A role is scaled by lag if the values name a threshold. */
    @Test
    void theScalerMayDescribeEveryTopicThatTheChartCanScaleBy() throws IOException {
        TemplateCommand template =
                new Helm(CHART).template().withName("door").withValuesFile(Path.of("helm/examples/default.yaml"));
        JsonNode roles =
                new YAMLMapper().readTree(CHART.resolve("values.yaml").toFile()).path("roles");
        roles.fields().forEachRemaining(role -> {
            if (role.getValue().at("/autoscaling").has("lagThreshold")) {
                template.set("roles." + role.getKey() + ".autoscaling.by", "lag");
            }
        });
        Set<String> topics = new TreeSet<>();
        for (JsonNode object : objects(template.call())) {
            if (object.path("kind").asText().equals("ScaledObject")) {
                topics.add(object.at("/spec/triggers/0/metadata/topic").asText());
            }
        }

        assertThat(KafkaAcls.ofTheScript().stream()
                        .filter(acl -> acl.entry().principal().equals("User:facestream-scaler")
                                && acl.entry().operation() == AclOperation.DESCRIBE
                                && acl.pattern().resourceType() == ResourceType.TOPIC)
                        .map(acl -> acl.pattern().name()))
                .containsExactlyInAnyOrderElementsOf(topics)
                .hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "minimal", "gpu", "tls", "cameras", "alerts", "web"})
    void noContainerHasMoreRightsThanItNeeds(String example) throws IOException {
        for (JsonNode object : render(example)) {
            JsonNode pod = object.at("/spec/template/spec");
            if (!pod.isMissingNode()) {
                assertThat(pod.path("automountServiceAccountToken").asBoolean(true))
                        .isFalse();
                assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
                assertThat(container(object)
                                .at("/securityContext/readOnlyRootFilesystem")
                                .asBoolean())
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"default", "minimal", "gpu", "tls", "cameras", "alerts", "web"})
    void secretsComeByReference(String example) throws IOException {
        for (JsonNode workload : workloads(example)) {
            environment(workload).forEach((name, variable) -> {
                if (name.matches(".*(USERNAME|PASSWORD|JAAS_CONFIG|KEYSTORE_KEY)")) {
                    assertThat(variable.at("/valueFrom/secretKeyRef/name").asText())
                            .as(name)
                            .isNotEmpty();
                }
            });
        }
    }

    /** Helm leaves hooks out of what it renders; without its annotations the job is an object like the others. */
    @Test
    void theMigrationIsAJobThatRunsTheCommandAsTheSchemasOwner(@TempDir Path folder) throws IOException {
        Path chart = Files.createDirectory(folder.resolve("facestream"));
        Files.createDirectory(chart.resolve("templates"));
        for (String file : List.of(
                "Chart.yaml",
                "values.yaml",
                "values.schema.json",
                "templates/_helpers.tpl",
                "templates/migrate.yaml")) {
            String text = Files.readString(CHART.resolve(file));
            Files.writeString(
                    chart.resolve(file),
                    file.equals("templates/migrate.yaml")
                            ? text.replaceAll("(?m)^ *(annotations:|helm\\.sh/hook.*)\n", "")
                            : text);
        }

        List<JsonNode> objects = render(chart, "tls");

        assertThat(objects).hasSize(1);
        JsonNode job = objects.get(0);
        V1Job.validateJsonElement(JsonParser.parseString(job.toString()));
        assertThat(strings(container(job).path("args"))).containsExactly("migrate");
        new CommandLine(new MigrateCommand()).parseArgs();
        assertThat(environment(job)
                        .get("QUARKUS_DATASOURCE_PASSWORD")
                        .at("/valueFrom/secretKeyRef/name")
                        .asText())
                .isEqualTo("facestream-owner");
        assertThat(Files.readString(CHART.resolve("templates/migrate.yaml")))
                .contains("helm.sh/hook: pre-install,pre-upgrade\n");
    }

    @Test
    void theManagementPortIsTheApplications() throws IOException {
        assertThat(EnvironmentNames.application().getProperty("quarkus.management.enabled"))
                .isEqualTo("true");
        String port = EnvironmentNames.application().getProperty("quarkus.management.port", "9000");
        for (JsonNode workload : workloads("default")) {
            JsonNode container = container(workload);
            assertThat(container.at("/ports/0/containerPort").asText()).isEqualTo(port);
            for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                assertThat(container.path(probe).at("/httpGet/port").asText()).isEqualTo("management");
            }
        }
    }

    private static List<JsonNode> render(String example) throws IOException {
        return render(CHART, example);
    }

    private static List<JsonNode> render(Path chart, String example) throws IOException {
        return objects(new Helm(chart)
                .template()
                .withName("door")
                .withValuesFile(Path.of("helm/examples", example + ".yaml"))
                .call());
    }

    private static List<JsonNode> objects(String yaml) throws IOException {
        YAMLMapper mapper = new YAMLMapper();
        List<JsonNode> objects = new ArrayList<>();
        try (var documents = mapper.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            while (documents.hasNextValue()) {
                JsonNode object = documents.nextValue();
                if (object != null && object.isObject()) {
                    objects.add(object);
                }
            }
        }
        return objects;
    }

    private static List<JsonNode> workloads(String example) throws IOException {
        return render(example).stream()
                .filter(object -> List.of("StatefulSet", "Deployment")
                        .contains(object.path("kind").asText()))
                .toList();
    }

    private static JsonNode only(String example, String kind, String role) throws IOException {
        return render(example).stream()
                .filter(object -> object.path("kind").asText().equals(kind)
                        && object.at("/metadata/name").asText().equals("door-facestream-" + role))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode container(JsonNode workload) {
        return workload.at("/spec/template/spec/containers/0");
    }

    private static Map<String, JsonNode> environment(JsonNode workload) {
        Map<String, JsonNode> environment = new HashMap<>();
        container(workload)
                .path("env")
                .forEach(variable -> environment.put(variable.path("name").asText(), variable));
        return environment;
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new ArrayList<>();
        array.forEach(element -> strings.add(element.asText()));
        return strings;
    }

    private static Set<?> violations(String kind, JsonNode object) throws IOException {
        String file = "/helm/" + kind.toLowerCase(Locale.ROOT) + ".schema.json";
        try (InputStream in = HelmChartTest.class.getResourceAsStream(file)) {
            return JsonSchemaFactory.getInstance(VersionFlag.V202012)
                    .getSchema(JSON.readTree(in))
                    .validate(object);
        }
    }
}
