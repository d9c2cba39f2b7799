{{/* Names and labels. Arguments of the helpers with a component: (dict "root" $ "name" "worker"). */}}

{{- define "tributary.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}{{ .Release.Name | trunc 40 | trimSuffix "-" }}
{{- else -}}{{ printf "%s-%s" .Release.Name $name | trunc 40 | trimSuffix "-" }}{{- end -}}
{{- end -}}
{{- end -}}

{{/* The services that are deployed, with a space between. */}}
{{- define "tributary.services" -}}
scheduler worker sink{{ if .Values.edge.enabled }} edge{{ end }}
{{- end -}}

{{- define "tributary.component" -}}
{{ include "tributary.fullname" .root }}-{{ .name }}
{{- end -}}

{{- define "tributary.instance" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "tributary.selector" -}}
{{ include "tributary.instance" .root }}
app.kubernetes.io/component: {{ .name }}
{{- end -}}

{{- define "tributary.commonLabels" -}}
{{ include "tributary.instance" . }}
app.kubernetes.io/version: {{ default .Chart.AppVersion .Values.image.tag | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "tributary.labels" -}}
{{ include "tributary.commonLabels" .root }}
app.kubernetes.io/component: {{ .name }}
{{- end -}}

{{- define "tributary.serviceAccount" -}}
{{- $service := index .root.Values .name -}}
{{- if $service.serviceAccount.create -}}{{ default (include "tributary.component" .) $service.serviceAccount.name }}
{{- else -}}{{ default "default" $service.serviceAccount.name }}{{- end -}}
{{- end -}}

{{- define "tributary.image" -}}
{{- $image := (index .root.Values .name).image -}}
{{- with .root.Values.image.registry }}{{ . }}/{{ end -}}
{{ $image.repository }}
{{- if $image.digest }}@{{ $image.digest }}{{ else }}:{{ default .root.Chart.AppVersion .root.Values.image.tag }}{{ end }}
{{- end -}}

{{- define "tributary.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "tributary.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{- define "tributary.jdbcUrl" -}}
{{- $database := .Values.database -}}
{{- if $database.url -}}{{ $database.url }}
{{- else -}}
jdbc:postgresql://{{ $database.host }}:{{ $database.port }}/{{ $database.name }}?sslmode={{ $database.sslMode }}
{{- if $database.ca.existingSecret }}&sslrootcert=/etc/tributary/ca/database.crt{{ end }}
{{- end -}}
{{- end -}}

{{/* Whether the brokers know the service by a certificate. */}}
{{- define "tributary.usesCertificate" -}}
{{- if and (eq .root.Values.kafka.securityProtocol "SSL") (index .root.Values .name).kafka.existingSecret }}true{{ end -}}
{{- end -}}

{{- define "tributary.usesSasl" -}}
{{- if hasPrefix "SASL" .Values.kafka.securityProtocol }}true{{ end -}}
{{- end -}}
