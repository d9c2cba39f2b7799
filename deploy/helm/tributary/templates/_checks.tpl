{{/* What the schema of the values cannot say. Each message names the key and the remedy. */}}

{{- define "tributary.require" -}}
{{- if not .value }}{{ fail (printf "%s must be set: %s" .key .why) }}{{ end }}
{{- end -}}

{{- define "tributary.checks" -}}
{{- $values := .Values -}}
{{- range $key := list "postgresql" "postgres" "zookeeper" "apicurio" "kafkaUi" }}
{{- if hasKey $values $key }}
{{- fail (printf "%s: this chart brings no servers; see deploy/kubernetes/platform, and set kafka.bootstrapServers, registry.url and database.host" $key) }}
{{- end }}
{{- end }}
{{- if hasKey $values.kafka "enabled" }}
{{- fail "kafka.enabled: this chart brings no Kafka; set kafka.bootstrapServers" }}
{{- end }}
{{- include "tributary.require" (dict "key" "kafka.bootstrapServers" "value" $values.kafka.bootstrapServers "why" "host:port of the brokers") }}
{{- include "tributary.require" (dict "key" "registry.url" "value" $values.registry.url "why" "the Confluent API of the schema registry") }}
{{- include "tributary.require" (dict "key" "database.host" "value" (or $values.database.host $values.database.url) "why" "or database.url") }}
{{- include "tributary.require" (dict "key" "credentials.existingSecret" "value" $values.credentials.existingSecret "why" "a secret with a Tink keyset") }}
{{- include "tributary.require" (dict "key" "security.issuer" "value" $values.security.issuer "why" "the issuer of the callers' tokens") }}
{{- include "tributary.require" (dict "key" "security.jwkSetUri" "value" (or $values.security.jwkSetUri $values.security.publicKey.existingSecret) "why" "or security.publicKey.existingSecret") }}
{{- range $name := include "tributary.services" $ | splitList " " }}
{{- $service := index $values $name }}
{{- if ne $name "edge" }}
{{- include "tributary.require" (dict "key" (printf "%s.database.existingSecret" $name) "value" $service.database.existingSecret "why" "a secret with the password of the database") }}
{{- end }}
{{- if include "tributary.usesSasl" $ }}
{{- include "tributary.require" (dict "key" (printf "%s.kafka.existingSecret" $name) "value" $service.kafka.existingSecret "why" "a secret with sasl.jaas.config, because kafka.securityProtocol is SASL") }}
{{- end }}
{{- end }}
{{- if $values.edge.enabled }}
{{- include "tributary.require" (dict "key" "edge.url" "value" $values.edge.url "why" "the URL at which providers reach the edge, which is shown with each endpoint") }}
{{- end }}
{{- if $values.migrations.enabled }}
{{- include "tributary.require" (dict "key" "migrations.database.existingSecret" "value" $values.migrations.database.existingSecret "why" "a secret with the password of the owner of the tables; or set migrations.enabled to false, and the schedulers migrate") }}
{{- end }}
{{- range $name := list "worker" "sink" }}
{{- $service := index $values $name }}
{{- $most := ternary $service.replicas $service.autoscaling.maxReplicas (eq $service.autoscaling.kind "none") }}
{{- if gt (mul $most $service.threads) (int64 $values.kafka.partitions) }}
{{- fail (printf "%s: %d replicas with %d threads are more than kafka.partitions (%d); the rest would be idle" $name (int $most) (int $service.threads) (int $values.kafka.partitions)) }}
{{- end }}
{{- end }}
{{- if and $values.content.existingClaim $values.content.s3.bucket }}
{{- fail "content.existingClaim and content.s3.bucket are both set: content goes to one of them" }}
{{- end }}
{{- end -}}
