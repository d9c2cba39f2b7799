package io.tributary.pipeline;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test class whose methods take a {@link Storm.Calm}. The build runs all of them in one JVM, so that they share one
 * storm.
 */
@Tag("storm")
@ExtendWith(AfterTheStorm.class)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface AfterAStorm {}
