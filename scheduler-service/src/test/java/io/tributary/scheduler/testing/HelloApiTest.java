package io.tributary.scheduler.testing;

import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;

/** An {@link ApiTest} whose user has connected one account of the hello domain. */
public abstract class HelloApiTest extends ApiTest {

    protected UUID integration;

    @SuppressWarnings("NullAway.Init") // connectHello() sets it
    protected HelloApiTest() {}

    @BeforeEach
    protected final void connectHello() {
        integration = ann.connectHello();
    }
}
