{{- define "connectql.name" -}}
{{- if contains .Chart.Name .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "connectql.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "connectql.labels" -}}
{{ include "connectql.selector" . }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: {{ .Chart.Name }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "connectql.image" -}}
{{ required "image.repository is required" .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* The parts that all pods have. The Service may be named connectql, so no pod gets variables of Services. */}}
{{- define "connectql.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: {type: RuntimeDefault}
volumes:
  - name: secrets
    secret:
      secretName: {{ .Values.secrets.existingSecret }}
      defaultMode: 0440
      items:
        {{- range .Values.secrets.keys }}
        - {key: {{ . | quote }}, path: {{ . | quote }}}
        {{- end }}
  # The working folder. No other folder is writable, and this folder is removed together with the pod.
  - name: data
    emptyDir: {sizeLimit: 16Mi}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* The parts that all containers have. */}}
{{- define "connectql.container" -}}
image: {{ include "connectql.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
volumeMounts:
  - {name: secrets, mountPath: /etc/connectql/secrets, readOnly: true}
  - {name: data, mountPath: /data}
env:
  {{- range $name, $value := .Values.settings }}
  - {name: CONNECTQL_{{ $name }}, value: {{ $value | quote }}}
  {{- end }}
  {{- range $name, $value := .Values.tracing }}
  - {name: {{ $name }}, value: {{ $value | quote }}}
  {{- end }}
  {{- with .Values.secrets.tracingHeaders }}
  # This is a variable, because OpenTelemetry's SDK cannot read the headers from a file.
  - name: OTEL_EXPORTER_OTLP_HEADERS
    valueFrom: {secretKeyRef: {name: {{ $.Values.secrets.existingSecret }}, key: {{ . | quote }}}}
  {{- end }}
  {{- range $name, $key := .Values.secrets.keys }}
  - {name: CONNECTQL_{{ $name }}_FILE, value: {{ printf "/etc/connectql/secrets/%s" $key | quote }}}
  {{- end }}
{{- end }}

{{/* The settings of containers that serve metrics; they follow the env of connectql.container. */}}
{{- define "connectql.metrics" -}}
{{- if .Values.metrics.enabled -}}
- {name: CONNECTQL_METRICS_HOST, value: "*"}
- {name: CONNECTQL_METRICS_PORT, value: {{ .Values.metrics.port | quote }}}
{{- end }}
{{- end }}

{{/* With scrape annotations, a Prometheus without the operator finds the pods. */}}
{{- define "connectql.annotations" -}}
{{- $scrape := dict }}
{{- if and .Values.metrics.enabled .Values.metrics.annotations }}
{{- $scrape = dict "prometheus.io/scrape" "true" "prometheus.io/port" (.Values.metrics.port | toString) "prometheus.io/path" "/metrics" }}
{{- end }}
{{- with merge (dict) .Values.podAnnotations $scrape }}
annotations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
