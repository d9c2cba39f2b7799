package io.tributary.standalone;

import io.tributary.schemas.Migrations;
import io.tributary.standalone.servers.PostgresServer;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.flywaydb.core.Flyway;

/**
 * The database of the services, migrated, with a login for each service that may do what that service needs.
 *
 * @param url JDBC URL without user and password
 */
record Database(String url, Login scheduler, Login worker, Login sink) {

    private static final String NAME = "tributary";
    private static final int PASSWORD_BYTES = 16;

    /** Whom to connect as. The password is another one at every start. */
    record Login(String user, String password) {
        @Override
        public String toString() {
            return user;
        }
    }

    /** Makes what is missing. The migration makes the roles, so the logins come after it. */
    static Database prepare(PostgresServer postgres) {
        String url = postgres.createDatabase(NAME);
        Flyway.configure()
                .configuration(Migrations.SETTINGS)
                .dataSource(url, postgres.username(), postgres.password())
                .locations("classpath:db/migration")
                .load()
                .migrate();
        return new Database(url, login(postgres, "scheduler"), login(postgres, "worker"), login(postgres, "sink"));
    }

    private static Login login(PostgresServer postgres, String service) {
        byte[] secret = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(secret);
        var login = new Login(service, HexFormat.of().formatHex(secret));
        postgres.createLogin(login.user(), login.password(), List.of("tributary_" + service));
        return login;
    }
}
