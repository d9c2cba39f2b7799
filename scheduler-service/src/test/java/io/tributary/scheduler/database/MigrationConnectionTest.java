package io.tributary.scheduler.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.internal.jdbc.DriverDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.flyway.autoconfigure.FlywayProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;

class MigrationConnectionTest {

    @Test
    void migratesAsTheOwnerOfTheTablesWhereOneIsConfigured() {
        var flyway = new FlywayProperties();
        flyway.setUser("owner");
        flyway.setPassword("secret");

        assertThat(connection(flyway).getUser()).isEqualTo("owner");
        assertThat(connection(flyway).getUrl()).isEqualTo("jdbc:postgresql://db/tributary");
    }

    @Test
    void migratesAsTheServiceOtherwise() {
        assertThat(connection(new FlywayProperties()).getUser()).isEqualTo("scheduler");
    }

    private static DriverDataSource connection(FlywayProperties flyway) {
        var dataSource = new DataSourceProperties();
        dataSource.setUrl("jdbc:postgresql://db/tributary");
        dataSource.setUsername("scheduler");
        dataSource.setPassword("scheduler");
        var configuration = new FluentConfiguration();
        var beans = new StaticListableBeanFactory(Map.of("flyway", flyway));

        new PoolsConfiguration()
                .migrateWithoutTimeout(dataSource, beans.getBeanProvider(FlywayProperties.class))
                .customize(configuration);

        return (DriverDataSource) configuration.getDataSource();
    }
}
