package io.tributary.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Budgets of disruptions leave some pods, and let some be moved; autoscalers do not fight with a fixed number. */
final class BoundedDisruptions implements Function<Deployed, List<String>> {

    @Override
    public List<String> apply(Deployed deployed) {
        var problems = new ArrayList<String>();
        deployed.all().stream()
                .filter(manifest -> List.of("Deployment", "StatefulSet").contains(manifest.kind()))
                .forEach(controller -> check(deployed, controller, problems));
        return problems;
    }

    private static void check(Deployed deployed, Manifest controller, List<String> problems) {
        var pod = controller.pod().orElseThrow();
        var scalers = Scaler.all(deployed).stream()
                .filter(scaler -> scaler.target().equals(controller.title()))
                .toList();
        boolean fixed = controller.at("spec", "replicas") != null;
        if (scalers.size() + (fixed ? 1 : 0) != 1) {
            problems.add(controller.title() + ": its replicas are given by " + scalers.size()
                    + " autoscalers, and a number is " + (fixed ? "" : "not ") + "set: one of the two must be");
            return;
        }
        int least = fixed
                ? Integer.parseInt(controller.text("spec", "replicas"))
                : scalers.getFirst().least();
        var budgets = deployed.ofKind("PodDisruptionBudget")
                .filter(budget -> Selector.matches(budget.at("spec", "selector"), pod.labels()))
                .toList();
        if (least > 1 && budgets.size() != 1) {
            problems.add(controller.title() + " has " + budgets.size() + " budgets of disruptions, not one");
        }
        for (Manifest budget : budgets) {
            boolean holds = budget.at("spec", "maxUnavailable") instanceof Integer most
                    ? most >= 1 && most < least
                    : budget.at("spec", "minAvailable") instanceof Integer kept && kept >= 1 && kept < least;
            if (!holds) {
                problems.add(budget.title() + ": of " + least + " pods, some must stay and one must be movable, but it"
                        + " says " + budget.map("spec"));
            }
        }
        for (var scaler : scalers) {
            if (scaler.most() < scaler.least()
                    || scaler.fallback() < scaler.least()
                    || scaler.fallback() > scaler.most()) {
                problems.add(controller.title() + ": scales from " + scaler.least() + " to " + scaler.most()
                        + ", without metrics to " + scaler.fallback());
            }
        }
    }

    /**
     * What changes the number of pods.
     *
     * @param target kind and name
     * @param fallback the number without metrics
     */
    record Scaler(String target, int least, int most, int fallback) {

        static List<Scaler> all(Deployed deployed) {
            var scalers = new ArrayList<Scaler>();
            deployed.ofKind("HorizontalPodAutoscaler").forEach(hpa -> {
                int least = number(hpa.at("spec", "minReplicas"));
                scalers.add(new Scaler(target(hpa), least, number(hpa.at("spec", "maxReplicas")), least));
            });
            deployed.ofKind("ScaledObject")
                    .forEach(keda -> scalers.add(new Scaler(
                            target(keda),
                            number(keda.at("spec", "minReplicaCount")),
                            number(keda.at("spec", "maxReplicaCount")),
                            number(keda.at("spec", "fallback", "replicas")))));
            return scalers;
        }

        private static String target(Manifest scaler) {
            return scaler.text("spec", "scaleTargetRef", "kind") + " " + scaler.text("spec", "scaleTargetRef", "name");
        }

        private static int number(@Nullable Object value) {
            return Integer.parseInt(Objects.toString(value, "0"));
        }
    }
}
