package dev.octet.cli;

import dev.octet.runtime.PeerRuntime;
import dev.octet.runtime.PeerRuntimes;
import dev.octet.tensor.ConfigException;

/** The peers that the command line knows. */
final class Peers {
    static final String ORT = "ort";

    static final String HOW_TO_GET_ORT = "ONNX Runtime is not on the class path; build it with"
            + " mvn -pl profiling/benchmarks -am package and start octet with java-host/bin/octet, which adds it";

    private Peers() {}

    /**
     * The peer of this name.
     *
     * @throws ConfigException that says how to get it
     */
    static PeerRuntime named(String name) {
        if (!name.equals(ORT)) {
            throw new ConfigException("peer \"" + name + "\" is unknown; there is " + ORT);
        }
        return PeerRuntimes.named(name).orElseThrow(() -> new ConfigException(HOW_TO_GET_ORT));
    }
}
