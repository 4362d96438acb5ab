package dev.octet.runtime;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** The {@link PeerRuntime}s on the class path. */
public final class PeerRuntimes {
    private PeerRuntimes() {}

    public static List<PeerRuntime> all() {
        return ServiceLoader.load(PeerRuntime.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /** The peer of a name, such as {@code ort}, if its adapter is on the class path. */
    public static Optional<PeerRuntime> named(String name) {
        return all().stream().filter(peer -> peer.name().equals(name)).findFirst();
    }
}
