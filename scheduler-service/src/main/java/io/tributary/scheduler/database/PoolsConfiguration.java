package io.tributary.scheduler.database;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.tributary.schemas.Migrations;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.flyway.autoconfigure.FlywayProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Two pools behind one data source. Requests and background work run the same classes, so the thread decides which pool
 * a statement uses.
 */
@Configuration(proxyBeanMethods = false)
class PoolsConfiguration {

    @Bean
    RouteConnections dataSource(
            DataSourceProperties dataSource,
            DatabaseProperties properties,
            Environment environment,
            ObjectProvider<MeterRegistry> meters) {
        HikariDataSource api = pool(dataSource, environment, "api", properties.apiStatementTimeout());
        api.setMaximumPoolSize(properties.apiConnections());
        HikariDataSource background =
                pool(dataSource, environment, "background", properties.backgroundStatementTimeout());
        meters.ifAvailable(api::setMetricRegistry);
        meters.ifAvailable(background::setMetricRegistry);
        return new RouteConnections(api, properties.apiConnectionsPerCaller(), background);
    }

    @Bean
    DatabaseHealth databaseHealthIndicator(JdbcClient jdbc, Clock clock) {
        return new DatabaseHealth(jdbc, clock);
    }

    /**
     * Migrations have connections without a timeout of statements: one may take hours. Where {@code spring.flyway} has
     * a URL or a user, such as the owner of the tables, these are used.
     */
    @Bean
    FlywayConfigurationCustomizer migrateWithoutTimeout(
            DataSourceProperties dataSource, ObjectProvider<FlywayProperties> flywayProperties) {
        return flyway -> {
            var own = flywayProperties.getIfAvailable(FlywayProperties::new);
            flyway.configuration(Migrations.SETTINGS)
                    .dataSource(
                            own.getUrl() == null ? dataSource.determineUrl() : own.getUrl(),
                            own.getUser() == null ? dataSource.determineUsername() : own.getUser(),
                            own.getUser() == null ? dataSource.determinePassword() : own.getPassword());
        };
    }

    private static HikariDataSource pool(
            DataSourceProperties dataSource, Environment environment, String name, Duration statementTimeout) {
        HikariDataSource pool = dataSource
                .initializeDataSourceBuilder()
                .type(HikariDataSource.class)
                .build();
        Binder.get(environment).bind("spring.datasource.hikari", Bindable.ofInstance(pool));
        pool.setPoolName(name);
        // By a statement rather than a parameter of the connection, which a proxy such as PgBouncer may refuse.
        pool.setConnectionInitSql("set statement_timeout = " + statementTimeout.toMillis());
        return pool;
    }
}
