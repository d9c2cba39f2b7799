{{/* The pod of a service. */}}

{{- define "tributary.volumes" -}}
{{- $values := .root.Values -}}
{{- $service := index $values .name -}}
- name: tmp
  emptyDir: {sizeLimit: 1Gi}
{{- with include "tributary.secretFiles" . | trim }}
- name: secrets
  projected:
    defaultMode: 0440
    sources:
      {{- . | nindent 6 }}
{{- end }}
{{- with include "tributary.authorityFiles" . | trim }}
- name: ca
  projected:
    defaultMode: 0440
    sources:
      {{- . | nindent 6 }}
{{- end }}
{{- if has .name (list "scheduler" "worker" "edge") }}
- name: credentials
  secret:
    secretName: {{ $values.credentials.existingSecret }}
    defaultMode: 0440
    items: [{key: {{ $values.credentials.key }}, path: keyset.json}]
{{- end }}
{{- if ne .name "migrations" }}
{{- if include "tributary.usesCertificate" . }}
- name: kafka
  secret:
    secretName: {{ $service.kafka.existingSecret }}
    defaultMode: 0440
    items: [{key: {{ $service.kafka.keystoreKey }}, path: user.p12}]
{{- end }}
{{- if eq .name "edge" }}
{{- else if $values.content.existingClaim }}
- name: content
  persistentVolumeClaim: {claimName: {{ $values.content.existingClaim }}}
{{- else if and $values.content.s3.bucket $values.content.s3.existingSecret }}
- name: content-credentials
  secret:
    secretName: {{ $values.content.s3.existingSecret }}
    defaultMode: 0440
    items: [{key: {{ $values.content.s3.key }}, path: credentials}]
{{- end }}
{{- with $service.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}
{{- if eq .name "scheduler" }}
{{- with $values.security.publicKey }}{{ if .existingSecret }}
- name: security
  secret:
    secretName: {{ .existingSecret }}
    items: [{key: {{ .key }}, path: public.pem}]
{{- end }}{{ end }}
{{- with $service.tls.existingSecret }}
- name: tls
  secret: {secretName: {{ . }}, defaultMode: 0440}
{{- end }}
{{- end }}
{{- end -}}

{{- define "tributary.mounts" -}}
{{- $values := .root.Values -}}
{{- $service := index $values .name -}}
- {name: tmp, mountPath: /tmp}
{{- if include "tributary.secretFiles" . | trim }}
- {name: secrets, mountPath: /etc/tributary/secrets, readOnly: true}
{{- end }}
{{- if include "tributary.authorityFiles" . | trim }}
- {name: ca, mountPath: /etc/tributary/ca, readOnly: true}
{{- end }}
{{- if has .name (list "scheduler" "worker" "edge") }}
- {name: credentials, mountPath: /etc/tributary/credentials, readOnly: true}
{{- end }}
{{- if ne .name "migrations" }}
{{- if include "tributary.usesCertificate" . }}
- {name: kafka, mountPath: /etc/tributary/kafka, readOnly: true}
{{- end }}
{{- if eq .name "edge" }}
{{- else if $values.content.existingClaim }}
- {name: content, mountPath: /var/lib/tributary-content}
{{- else if and $values.content.s3.bucket $values.content.s3.existingSecret }}
- {name: content-credentials, mountPath: /etc/tributary/content, readOnly: true}
{{- end }}
{{- with $service.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}
{{- if eq .name "worker" }}
- {name: state, mountPath: /var/lib/tributary}
{{- end }}
{{- if eq .name "scheduler" }}
{{- if $values.security.publicKey.existingSecret }}
- {name: security, mountPath: /etc/tributary/security, readOnly: true}
{{- end }}
{{- if $service.tls.existingSecret }}
- {name: tls, mountPath: /etc/tributary/tls, readOnly: true}
{{- end }}
{{- end }}
{{- end -}}

{{- define "tributary.podMetadata" -}}
{{- $service := index .root.Values .name -}}
labels:
  {{- include "tributary.labels" . | nindent 2 }}
  {{- with $service.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
annotations:
  checksum/config: {{ include "tributary.allSettings" . | sha256sum }}
  {{- with $service.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{- define "tributary.podSpec" -}}
{{- $values := .root.Values -}}
{{- $service := index $values .name -}}
serviceAccountName: {{ include "tributary.serviceAccount" . }}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with $values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $service.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
terminationGracePeriodSeconds: {{ $service.terminationGracePeriodSeconds }}
securityContext:
  {{- include "tributary.podSecurity" . | nindent 2 }}
{{- with $service.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $service.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $service.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if $service.topologySpread.enabled }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: {{ $service.topologySpread.topologyKey }}
    whenUnsatisfiable: {{ $service.topologySpread.whenUnsatisfiable }}
    labelSelector:
      matchLabels:
        {{- include "tributary.selector" . | nindent 8 }}
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "tributary.selector" . | nindent 8 }}
{{- end }}
{{- with $service.initContainers }}
initContainers:
  {{- toYaml . | nindent 2 }}
{{- end }}
containers:
  - name: {{ .name }}
    image: {{ include "tributary.image" . }}
    imagePullPolicy: {{ $values.image.pullPolicy }}
    securityContext:
      {{- include "tributary.containerSecurity" . | nindent 6 }}
    envFrom:
      - configMapRef: {name: {{ include "tributary.component" . }}}
      {{- with $service.extraEnvFrom }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    {{- if or (eq .name "worker") $service.extraEnv }}
    env:
      {{- if eq .name "worker" }}
      - name: TRIBUTARY_WORKER_INSTANCE_ID
        valueFrom: {fieldRef: {fieldPath: metadata.name}}
      {{- end }}
      {{- with $service.extraEnv }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    {{- end }}
    ports:
      {{- if eq .name "scheduler" }}
      - {name: api, containerPort: 8080}
      {{- else if eq .name "edge" }}
      - {name: webhooks, containerPort: 8080}
      {{- end }}
      - {name: management, containerPort: 8081}
    {{- range $probe, $path := dict "startup" "liveness" "liveness" "liveness" "readiness" "readiness" }}
    {{ $probe }}Probe:
      httpGet: {path: /actuator/health/{{ $path }}, port: management}
      {{- toYaml (index $service.probes $probe) | nindent 6 }}
    {{- end }}
    resources:
      {{- toYaml $service.resources | nindent 6 }}
    volumeMounts:
      {{- include "tributary.mounts" . | nindent 6 }}
  {{- with $service.sidecars }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
volumes:
  {{- include "tributary.volumes" . | nindent 2 }}
{{- end -}}
