/** Plugins that tests pack into jars; they see the SPI and each other, and nothing else. */
@NullMarked
package io.tributary.pipeline.plugin;

import org.jspecify.annotations.NullMarked;
