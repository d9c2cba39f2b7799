package io.tributary.egress;

/**
 * A user of an organisation, as whom slots are shared.
 *
 * @param org the organisation; the user's id where there is none
 * @param user the user
 */
public record Tenant(String org, String user) {

    /** A user of an organisation, where an empty organisation stands for the user alone. */
    public static Tenant of(String org, String user) {
        return new Tenant(org.isEmpty() ? user : org, user);
    }

    boolean isAlone() {
        return org.equals(user);
    }
}
