package io.tributary.scheduler.billing;

import io.tributary.scheduler.maintenance.MaintenanceJob;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The maintenance jobs of billing. */
@Configuration(proxyBeanMethods = false)
record BillingConfiguration() {

    @Bean
    MaintenanceJob closeBillingCycles(CloseCycles close) {
        return new MaintenanceJob("close-billing-cycles", Duration.ofMinutes(1), Duration.ofMinutes(10), close::run);
    }

    @Bean
    MaintenanceJob collectInvoices(ChargeInvoices charge) {
        return new MaintenanceJob("collect-invoices", Duration.ofMinutes(1), Duration.ofMinutes(10), charge::run);
    }
}
