package io.tributary.scheduler.tracing;

import io.tributary.telemetry.TraceSettings;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** @param tracing where traces go; default: no span is recorded */
@ConfigurationProperties("tributary")
record TracingProperties(@DefaultValue TraceSettings tracing) {}
