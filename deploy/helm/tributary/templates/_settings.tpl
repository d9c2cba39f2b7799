{{/* The environment of the services: settings as variables, secrets as files that Spring reads as properties. */}}

{{- define "tributary.databaseSettings" -}}
SPRING_CONFIG_IMPORT: configtree:/etc/tributary/secrets/
SPRING_DATASOURCE_URL: {{ include "tributary.jdbcUrl" . | quote }}
{{- if eq .Values.logging.format "ecs" }}
LOGGING_STRUCTURED_FORMAT_CONSOLE: ecs
{{- end }}
{{- end -}}

{{- define "tributary.settings" -}}
{{- $values := .root.Values -}}
{{- $service := index $values .name -}}
{{- if eq .name "edge" }}
{{- include "tributary.edgeSettings" . }}
{{- else }}
{{ include "tributary.databaseSettings" .root }}
SPRING_DATASOURCE_USERNAME: {{ $service.database.username | quote }}
{{- include "tributary.contentSettings" .root }}
{{- end }}
SPRING_KAFKA_BOOTSTRAP_SERVERS: {{ $values.kafka.bootstrapServers | quote }}
SPRING_KAFKA_SECURITY_PROTOCOL: {{ $values.kafka.securityProtocol }}
SPRING_KAFKA_CLIENT_ID: {{ include "tributary.component" . }}
{{- if include "tributary.usesSasl" .root }}
SPRING_KAFKA_PROPERTIES_SASL_MECHANISM: {{ $values.kafka.saslMechanism }}
{{- end }}
{{- if $values.kafka.ca.existingSecret }}
SPRING_KAFKA_SSL_TRUST_STORE_LOCATION: file:/etc/tributary/ca/kafka.crt
SPRING_KAFKA_SSL_TRUST_STORE_TYPE: PEM
{{- end }}
{{- if include "tributary.usesCertificate" . }}
SPRING_KAFKA_SSL_KEY_STORE_LOCATION: file:/etc/tributary/kafka/user.p12
SPRING_KAFKA_SSL_KEY_STORE_TYPE: PKCS12
{{- end }}
{{- range $key, $value := $values.kafka.properties }}
SPRING_KAFKA_PROPERTIES_{{ $key | replace "." "_" | upper }}: {{ $value | quote }}
{{- end }}
TRIBUTARY_SCHEMA_REGISTRY_URL: {{ $values.registry.url | quote }}
{{- if $values.registry.ca.existingSecret }}
SPRING_KAFKA_PROPERTIES_SCHEMA_REGISTRY_SSL_TRUSTSTORE_LOCATION: /etc/tributary/ca/registry.crt
SPRING_KAFKA_PROPERTIES_SCHEMA_REGISTRY_SSL_TRUSTSTORE_TYPE: PEM
{{- end }}
TRIBUTARY_TOPICS_PREFIX: {{ $values.kafka.topicPrefix }}
TRIBUTARY_TOPICS_PARTITIONS: {{ $values.kafka.partitions | quote }}
TRIBUTARY_TOPICS_REPLICATION_FACTOR: {{ $values.kafka.replicationFactor | quote }}
TRIBUTARY_TOPICS_ALLOW_SINGLE_REPLICA: {{ $values.kafka.allowSingleReplica | quote }}
MANAGEMENT_SERVER_PORT: "8081"
{{- with $values.tracing }}
{{- if and .endpoint (ne $.name "edge") }}
TRIBUTARY_TRACING_ENDPOINT: {{ .endpoint | quote }}
TRIBUTARY_TRACING_SAMPLING: {{ .sampling | quote }}
{{- end }}
{{- end }}
{{- with $service.javaOptions }}
JAVA_TOOL_OPTIONS: {{ . | quote }}
{{- end }}
{{- if eq .name "scheduler" }}
{{- include "tributary.schedulerSettings" .root }}
{{- else if eq .name "worker" }}
{{- include "tributary.workerSettings" .root }}
{{- else if eq .name "sink" }}
SERVER_PORT: "8081"
TRIBUTARY_SINK_THREADS: {{ $service.threads | quote }}
{{- end }}
{{- end -}}

{{/* All settings of a service, its own before ours. */}}
{{- define "tributary.allSettings" -}}
{{- $service := index .root.Values .name -}}
{{- merge (dict) $service.env (include "tributary.settings" . | fromYaml) | toYaml -}}
{{- end -}}

{{- define "tributary.contentSettings" -}}
{{- $content := .Values.content -}}
{{- if $content.existingClaim }}
TRIBUTARY_CONTENT_FOLDER: /var/lib/tributary-content
{{- else if $content.s3.bucket }}
TRIBUTARY_CONTENT_S3_BUCKET: {{ $content.s3.bucket | quote }}
{{- with $content.s3.endpoint }}
TRIBUTARY_CONTENT_S3_ENDPOINT: {{ . | quote }}
{{- end }}
{{- with $content.s3.region }}
TRIBUTARY_CONTENT_S3_REGION: {{ . | quote }}
{{- end }}
{{- with $content.s3.prefix }}
TRIBUTARY_CONTENT_S3_PREFIX: {{ . | quote }}
{{- end }}
{{- if $content.s3.existingSecret }}
TRIBUTARY_CONTENT_S3_CREDENTIALSFILE: /etc/tributary/content/credentials
{{- end }}
{{- end }}
{{- end -}}

{{- define "tributary.edgeSettings" -}}
{{- $values := .root.Values }}
{{- if include "tributary.secretFiles" . | trim }}
SPRING_CONFIG_IMPORT: configtree:/etc/tributary/secrets/
{{- end }}
{{- if eq $values.logging.format "ecs" }}
LOGGING_STRUCTURED_FORMAT_CONSOLE: ecs
{{- end }}
SERVER_PORT: "8080"
SERVER_FORWARD_HEADERS_STRATEGY: {{ ternary "native" $values.edge.forwardHeaders $values.edge.ingress.enabled }}
TRIBUTARY_CREDENTIALS_KEYSET: /etc/tributary/credentials/keyset.json
{{- end -}}

{{- define "tributary.schedulerSettings" -}}
{{- $values := .Values }}
SERVER_PORT: "8080"
SPRING_FLYWAY_ENABLED: {{ not $values.migrations.enabled | quote }}
SERVER_FORWARD_HEADERS_STRATEGY: {{ $values.scheduler.forwardHeaders }}
TRIBUTARY_CREDENTIALS_KEYSET: /etc/tributary/credentials/keyset.json
TRIBUTARY_HTTP_ALLOW_PRIVATE_ADDRESSES: {{ $values.http.allowPrivateAddresses | quote }}
TRIBUTARY_SECURITY_ISSUER: {{ $values.security.issuer | quote }}
TRIBUTARY_SECURITY_AUDIENCE: {{ $values.security.audience | quote }}
TRIBUTARY_SECURITY_ORG_CLAIM: {{ $values.security.orgClaim | quote }}
{{- if $values.security.publicKey.existingSecret }}
TRIBUTARY_SECURITY_PUBLIC_KEY: /etc/tributary/security/public.pem
{{- else }}
TRIBUTARY_SECURITY_JWK_SET_URI: {{ $values.security.jwkSetUri | quote }}
{{- end }}
{{- with $values.edge.url }}
TRIBUTARY_INCOMING_URL: {{ . | quote }}
{{- end }}
{{- with $values.oauth.redirectUri }}
TRIBUTARY_OAUTH_REDIRECT_URI: {{ . | quote }}
{{- end }}
{{- if $values.scheduler.tls.existingSecret }}
SERVER_SSL_CERTIFICATE: file:/etc/tributary/tls/tls.crt
SERVER_SSL_CERTIFICATE_PRIVATE_KEY: file:/etc/tributary/tls/tls.key
MANAGEMENT_SERVER_SSL_ENABLED: "false"
{{- end }}
{{- end -}}

{{- define "tributary.workerSettings" -}}
{{- $values := .Values }}
SERVER_PORT: "8081"
TRIBUTARY_CREDENTIALS_KEYSET: /etc/tributary/credentials/keyset.json
TRIBUTARY_HTTP_ALLOW_PRIVATE_ADDRESSES: {{ $values.http.allowPrivateAddresses | quote }}
TRIBUTARY_WORKER_THREADS: {{ $values.worker.threads | quote }}
TRIBUTARY_WORKER_STATE_DIRECTORY: /var/lib/tributary/state
TRIBUTARY_WORKER_PERSISTENT_STORE: {{ $values.worker.state.persistentStore | quote }}
{{- with $values.worker.pluginDirectories }}
TRIBUTARY_PLUGINS_DIRECTORIES: {{ join "," . | quote }}
{{- end }}
{{- end -}}

{{/* Which files the projected volume of secrets has: each is a Spring property. */}}
{{- define "tributary.secretFiles" -}}
{{- $values := .root.Values -}}
{{- $service := index $values .name -}}
{{- if ne .name "edge" }}
- secret:
    name: {{ $service.database.existingSecret }}
    items: [{key: {{ $service.database.passwordKey }}, path: spring.datasource.password}]
{{- end }}
{{- if ne .name "migrations" }}
{{- if include "tributary.usesSasl" .root }}
- secret:
    name: {{ $service.kafka.existingSecret }}
    items: [{key: {{ $service.kafka.jaasKey }}, path: spring.kafka.properties.sasl.jaas.config}]
{{- end }}
{{- if include "tributary.usesCertificate" . }}
- secret:
    name: {{ $service.kafka.existingSecret }}
    items: [{key: {{ $service.kafka.keystorePasswordKey }}, path: spring.kafka.ssl.key-store-password}]
{{- end }}
{{- if $values.registry.basicAuth.existingSecret }}
- secret:
    name: {{ $values.registry.basicAuth.existingSecret }}
    items: [{key: {{ $values.registry.basicAuth.key }}, path: spring.kafka.properties.basic.auth.user.info}]
{{- end }}
{{- if and $values.tracing.existingSecret (ne .name "edge") }}
- secret:
    name: {{ $values.tracing.existingSecret }}
    items: [{key: {{ $values.tracing.key }}, path: tributary.tracing.headers.authorization}]
{{- end }}
{{- if has .name (list "scheduler" "worker") }}
{{- range $values.oauth.clients }}
- secret:
    name: {{ .existingSecret }}
    items:
      - {key: {{ .clientIdKey }}, path: tributary.oauth.clients.{{ .domain }}.client-id}
      - {key: {{ .clientSecretKey }}, path: tributary.oauth.clients.{{ .domain }}.client-secret}
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* Authorities, one file for each server. */}}
{{- define "tributary.authorityFiles" -}}
{{- $values := .root.Values -}}
{{- with $values.database.ca }}{{ if and .existingSecret (ne $.name "edge") }}
- secret: {name: {{ .existingSecret }}, items: [{key: {{ .key }}, path: database.crt}]}
{{- end }}{{ end }}
{{- if ne .name "migrations" }}
{{- with $values.kafka.ca }}{{ if .existingSecret }}
- secret: {name: {{ .existingSecret }}, items: [{key: {{ .key }}, path: kafka.crt}]}
{{- end }}{{ end }}
{{- with $values.registry.ca }}{{ if .existingSecret }}
- secret: {name: {{ .existingSecret }}, items: [{key: {{ .key }}, path: registry.crt}]}
{{- end }}{{ end }}
{{- end }}
{{- end -}}
