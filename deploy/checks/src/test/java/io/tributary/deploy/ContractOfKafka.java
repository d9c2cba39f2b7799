package io.tributary.deploy;

import io.tributary.schemas.Topics;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The topics and users of the platform are those of the services' contract, and the services expect them so. */
final class ContractOfKafka implements Function<Deployed, List<String>> {

    private final Set<Manifest> contract;

    ContractOfKafka() {
        var yaml = new PlatformYaml();
        contract = Stream.of(yaml.kafkaTopics(), yaml.kafkaUsers())
                .flatMap(text -> Manifest.parse(text).stream())
                .collect(Collectors.toSet());
    }

    @Override
    public List<String> apply(Deployed deployed) {
        var problems = new ArrayList<String>();
        if (deployed.platform().isEmpty()) {
            return problems;
        }
        Set<Manifest> present = deployed.platform().stream()
                .filter(manifest -> Set.of("KafkaTopic", "KafkaUser").contains(manifest.kind()))
                .collect(Collectors.toSet());
        difference(present, contract).forEach(other -> problems.add(other.title() + " is not that of the contract"));
        difference(contract, present).forEach(missing -> problems.add(missing.title() + " of the contract is missing"));
        expect(deployed, "TRIBUTARY_TOPICS_PARTITIONS", Integer.toString(PlatformYaml.PARTITIONS), problems);
        expect(deployed, "TRIBUTARY_TOPICS_PREFIX", Topics.DEFAULT_PREFIX, problems);
        return problems;
    }

    private static Set<Manifest> difference(Set<Manifest> some, Set<Manifest> others) {
        var rest = new HashSet<>(some);
        rest.removeAll(others);
        return rest;
    }

    private static void expect(Deployed deployed, String setting, String value, List<String> problems) {
        deployed.ofKind("ConfigMap")
                .filter(map -> map.map("data").containsKey(setting))
                .filter(map -> !map.text("data", setting).equals(value))
                .forEach(map -> problems.add(map.title() + ": " + setting + " is not " + value));
    }
}
