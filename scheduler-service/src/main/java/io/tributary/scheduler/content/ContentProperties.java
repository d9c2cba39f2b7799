package io.tributary.scheduler.content;

import io.tributary.content.ContentSettings;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The store of large content: the same settings as those of the workers, which write it. The scheduler only reads.
 *
 * @param content default: there is no store
 */
@ConfigurationProperties("tributary")
record ContentProperties(@DefaultValue ContentSettings content) {}
