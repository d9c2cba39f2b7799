package io.tributary.deploy;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.networknt.schema.Schema;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Each object is one that its API takes, without unknown fields: those of Kubernetes by the classes of its Java client,
 * the others by schemas.
 */
final class ValidObjects implements Function<Deployed, List<String>> {

    private static final Map<String, String> KUBERNETES = Map.ofEntries(
            Map.entry("v1/ConfigMap", "V1ConfigMap"),
            Map.entry("v1/Namespace", "V1Namespace"),
            Map.entry("v1/Pod", "V1Pod"),
            Map.entry("v1/Service", "V1Service"),
            Map.entry("v1/ServiceAccount", "V1ServiceAccount"),
            Map.entry("apps/v1/Deployment", "V1Deployment"),
            Map.entry("apps/v1/StatefulSet", "V1StatefulSet"),
            Map.entry("autoscaling/v2/HorizontalPodAutoscaler", "V2HorizontalPodAutoscaler"),
            Map.entry("batch/v1/Job", "V1Job"),
            Map.entry("networking.k8s.io/v1/Ingress", "V1Ingress"),
            Map.entry("networking.k8s.io/v1/NetworkPolicy", "V1NetworkPolicy"),
            Map.entry("policy/v1/PodDisruptionBudget", "V1PodDisruptionBudget"));

    private final Map<String, Schema> schemas = new HashMap<>(CustomSchemas.all());

    @Override
    public List<String> apply(Deployed deployed) {
        var problems = new ArrayList<String>();
        Set<String> titles = new HashSet<>();
        for (Manifest manifest : deployed.all()) {
            if (!titles.add(manifest.title())) {
                problems.add(manifest.title() + " is there twice");
            }
            problems.addAll(check(manifest).stream()
                    .map(problem -> manifest.title() + ": " + problem)
                    .toList());
        }
        return problems;
    }

    private List<String> check(Manifest manifest) {
        String type = manifest.text("apiVersion") + "/" + manifest.kind();
        String name = KUBERNETES.get(type);
        if (name != null) {
            String problem = ofKubernetes(name, manifest);
            return problem == null ? List.of() : List.of(problem);
        }
        Schema schema = schemas.get(type);
        if (schema == null) {
            return List.of("there is no schema of " + type);
        }
        return schema.validate(JsonMapper.shared().valueToTree(manifest.content())).stream()
                .map(Objects::toString)
                .toList();
    }

    private static @Nullable String ofKubernetes(String name, Manifest manifest) {
        JsonElement json = JsonParser.parseString(new Gson().toJson(manifest.content()));
        try {
            Class<?> model = Class.forName("io.kubernetes.client.openapi.models." + name);
            model.getMethod("validateJsonElement", JsonElement.class).invoke(null, json);
            // It does not look at the types of values.
            model.getMethod("fromJson", String.class).invoke(null, json.toString());
            return null;
        } catch (InvocationTargetException e) {
            return Objects.requireNonNull(e.getCause()).toString();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
