package io.tributary.deploy;

import java.util.List;
import java.util.function.Function;

/** The rules for the deployed objects. */
enum Rule {
    /** The API server would take each object, without dropping a field. */
    OBJECTS_ARE_VALID(new ValidObjects()),
    /** Probes and scrapes go to a port and a path that the service serves. */
    PROBES_ARE_SERVED(new ServedPaths()),
    /** Each variable is a setting that the service reads. */
    SETTINGS_ARE_READ(new BoundSettings()),
    /** Each secret and key is made by the platform or is documented. */
    SECRETS_ARE_KNOWN(new KnownSecrets()),
    /** Each name of another object, volume or port leads somewhere. */
    REFERENCES_EXIST(new ResolvedReferences()),
    /** Topics and rights are those of the services' contract. */
    TOPICS_AND_RIGHTS_ARE_THE_CONTRACT(new ContractOfKafka()),
    /** The network policies allow the connections that are needed, and no other. */
    CONNECTIONS_ARE_NEEDED(new NeededConnections()),
    /** Pods keep to the restricted standard, and to memory that is bounded. */
    PODS_ARE_RESTRICTED(new RestrictedPods()),
    /** Pods may be moved, and enough of them stay. */
    DISRUPTIONS_ARE_BOUNDED(new BoundedDisruptions()),
    /** The selectors of an object match the pods that it is for. */
    SELECTORS_MATCH(new MatchingSelectors()),
    /** Workers keep their names and their state, and nobody scales beyond the partitions. */
    WORKERS_ARE_STABLE(new StableWorkers());

    private final Function<Deployed, List<String>> check;

    Rule(Function<Deployed, List<String>> check) {
        this.check = check;
    }

    /** One sentence for each violation. */
    List<String> violations(Deployed deployed) {
        return check.apply(deployed);
    }
}
