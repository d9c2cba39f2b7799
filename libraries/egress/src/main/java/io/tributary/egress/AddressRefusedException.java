package io.tributary.egress;

import java.net.UnknownHostException;

/** The host has an address that is not public. */
public final class AddressRefusedException extends UnknownHostException {
    private static final long serialVersionUID = 1;

    public AddressRefusedException(String host) {
        super(host);
    }
}
