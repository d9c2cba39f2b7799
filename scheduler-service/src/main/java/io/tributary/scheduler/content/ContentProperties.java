package io.tributary.scheduler.content;

import io.tributary.content.ContentSettings;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where large content is: the same settings as the workers', who put it there. The scheduler only reads.
 *
 * @param content default: there is no store
 */
@ConfigurationProperties("tributary")
record ContentProperties(@DefaultValue ContentSettings content) {}
