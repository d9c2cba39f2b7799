package io.tributary.deploy;

import com.marcnuri.helm.jni.NativeLibrary;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.ServiceLoader;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips tests where there is no Helm for the platform: its library brings it for most, as native code. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(HelmRuns.Here.class)
@interface HelmRuns {

    /** Whether it runs here. */
    final class Here implements ExecutionCondition {

        static final boolean SUPPORTED =
                ServiceLoader.load(NativeLibrary.class).findFirst().isPresent();

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return SUPPORTED
                    ? ConditionEvaluationResult.enabled("Helm runs here")
                    : ConditionEvaluationResult.disabled("helm-java has no Helm for " + System.getProperty("os.name")
                            + " on " + System.getProperty("os.arch") + ": the chart is not checked here");
        }
    }
}
