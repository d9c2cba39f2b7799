package io.tributary.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/** The restricted standard of pod security, and what we add: a read-only root, no token, a limit of memory, a tag. */
final class RestrictedPods implements Function<Deployed, List<String>> {

    private static final Set<String> VOLUMES = Set.of(
            "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret");

    @Override
    public List<String> apply(Deployed deployed) {
        var problems = new ArrayList<String>();
        deployed.pods().forEach(pod -> {
            checkPod(pod, problems);
            pod.containers().forEach(container -> checkContainer(pod, container, problems));
        });
        return problems;
    }

    private static void checkPod(Manifest.Pod pod, List<String> problems) {
        for (String key : List.of("hostNetwork", "hostPID", "hostIPC")) {
            expect(!Boolean.TRUE.equals(pod.spec().get(key)), pod, key + " is set", problems);
        }
        expect(
                Boolean.FALSE.equals(pod.spec().get("automountServiceAccountToken")),
                pod,
                "the token of the service account is mounted",
                problems);
        var context = Manifest.asMap(pod.spec().get("securityContext"));
        expect(Boolean.TRUE.equals(context.get("runAsNonRoot")), pod, "runAsNonRoot is not true", problems);
        expect(!Integer.valueOf(0).equals(context.get("runAsUser")), pod, "runs as root", problems);
        expect(
                Objects.equals("RuntimeDefault", Manifest.within(context, "seccompProfile", "type")),
                pod,
                "seccompProfile is not RuntimeDefault",
                problems);
        for (var volume : pod.volumes()) {
            expect(
                    volume.keySet().stream().allMatch(key -> key.equals("name") || VOLUMES.contains(key)),
                    pod,
                    "volume " + volume.get("name") + " is of a kind that is not allowed",
                    problems);
        }
    }

    private static void checkContainer(Manifest.Pod pod, Map<String, Object> container, List<String> problems) {
        var context = Manifest.asMap(container.get("securityContext"));
        expect(
                Boolean.FALSE.equals(context.get("allowPrivilegeEscalation")),
                pod,
                "allowPrivilegeEscalation is not false",
                problems);
        expect(!Boolean.TRUE.equals(context.get("privileged")), pod, "is privileged", problems);
        expect(
                Boolean.TRUE.equals(context.get("readOnlyRootFilesystem")),
                pod,
                "readOnlyRootFilesystem is not true",
                problems);
        expect(!Integer.valueOf(0).equals(context.get("runAsUser")), pod, "a container runs as root", problems);
        expect(
                Objects.equals(List.of("ALL"), Manifest.within(context, "capabilities", "drop"))
                        && Manifest.within(context, "capabilities", "add") == null,
                pod,
                "capabilities are not dropped",
                problems);
        expect(
                Manifest.within(container, "resources", "limits", "memory") != null,
                pod,
                "memory has no limit",
                problems);
        String image = Objects.toString(container.get("image"));
        expect(
                image.matches(".+(@sha256:[0-9a-f]{64}|:[\\w][\\w.-]*)") && !image.endsWith(":latest"),
                pod,
                "image " + image + " is not pinned",
                problems);
        for (var port : Manifest.asList(container.get("ports"))) {
            expect(!port.containsKey("hostPort"), pod, "has a port of the host", problems);
        }
    }

    private static void expect(boolean holds, Manifest.Pod pod, String problem, List<String> problems) {
        if (!holds) {
            problems.add(pod.owner() + ": " + problem);
        }
    }
}
