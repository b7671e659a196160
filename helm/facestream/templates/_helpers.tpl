{{- define "facestream.name" -}}
{{- if contains "facestream" .Release.Name }}{{ .Release.Name | trunc 40 | trimSuffix "-" }}{{ else }}{{ printf "%s-facestream" .Release.Name | trunc 40 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "facestream.selector" -}}
app.kubernetes.io/name: facestream
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .role }}
{{- end }}

{{- define "facestream.labels" -}}
{{ include "facestream.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{/* Facts from the code about each role: whether it needs the database, and what it reads. HelmChartTest compares. */}}
{{- define "facestream.facts" -}}
detection: {database: false, group: facestream-detection, topic: camera-frames}
embedding: {database: true, group: facestream-embedding, topic: detected-faces}
matching: {database: true, group: facestream-matching, topic: face-embeddings}
sightings: {database: true, group: facestream-sightings, topic: identity-events}
alerts: {database: true, group: facestream-alerts, topic: sightings}
enrolment: {database: true, group: facestream-enrolment, topic: labelled-faces}
curation: {database: true, group: facestream-curation, topic: gallery-commands}
training: {database: true, group: facestream-training, topic: training-commands}
cameras: {database: false, group: facestream-cameras, topic: cameras}
web: {database: true, api: true}
{{- end }}

{{- define "facestream.image" -}}
{{ .root.Values.image.repository }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}{{ if .gpus }}-gpu{{ end }}
{{- end }}

{{- define "facestream.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ .Values.userId }}
runAsGroup: {{ .Values.userId }}
fsGroup: {{ .Values.userId }}
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "facestream.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- define "facestream.javaEnv" -}}
- name: FACESTREAM_JAVA_OPTS
  value: -Djava.io.tmpdir=/tmp -Dorg.bytedeco.javacpp.cachedir=/tmp/javacpp
- name: DJL_CACHE_DIR
  value: /tmp/djl
{{- end }}

{{- define "facestream.databaseEnv" -}}
{{- $d := .root.Values.database }}
- name: QUARKUS_DATASOURCE_JDBC_URL
  value: {{ printf "jdbc:postgresql://%s:%v/%s?sslmode=%s" $d.host $d.port $d.name $d.sslMode }}{{ if $d.caSecret }}&sslrootcert=/etc/facestream/database-ca/ca.crt{{ end }}
- name: QUARKUS_DATASOURCE_USERNAME
  valueFrom: {secretKeyRef: {name: {{ .secret }}, key: username}}
- name: QUARKUS_DATASOURCE_PASSWORD
  valueFrom: {secretKeyRef: {name: {{ .secret }}, key: password}}
{{- end }}

{{- define "facestream.kafkaEnv" -}}
{{- $k := .root.Values.kafka }}
- name: KAFKA_BOOTSTRAP_SERVERS
  value: {{ $k.bootstrapServers | quote }}
- name: KAFKA_SECURITY_PROTOCOL
  value: {{ $k.securityProtocol }}
{{- if hasPrefix "SASL_" $k.securityProtocol }}
- name: KAFKA_SASL_MECHANISM
  value: {{ required "kafka.saslMechanism is needed for SASL" $k.saslMechanism }}
- name: KAFKA_SASL_JAAS_CONFIG
  valueFrom: {secretKeyRef: {name: {{ required "kafka.saslSecret is needed for SASL" (.values.saslSecret | default $k.saslSecret) }}, key: sasl.jaas.config}}
{{- end }}
{{- if $k.caSecret }}
- name: KAFKA_SSL_TRUSTSTORE_TYPE
  value: PEM
- name: KAFKA_SSL_TRUSTSTORE_LOCATION
  value: /etc/facestream/kafka-ca/ca.crt
{{- end }}
{{- with .values.clientCertificateSecret | default $k.clientCertificateSecret }}
- name: KAFKA_SSL_KEYSTORE_TYPE
  value: PEM
- name: KAFKA_SSL_KEYSTORE_CERTIFICATE_CHAIN
  valueFrom: {secretKeyRef: {name: {{ . }}, key: tls.crt}}
- name: KAFKA_SSL_KEYSTORE_KEY
  valueFrom: {secretKeyRef: {name: {{ . }}, key: tls.key}}
{{- end }}
{{- end }}

{{- /* Of a role's facts: the API's pods have no transactional id, so nobody needs their names */}}
{{- define "facestream.workloadKind" -}}
{{ if .api }}Deployment{{ else }}StatefulSet{{ end }}
{{- end }}
