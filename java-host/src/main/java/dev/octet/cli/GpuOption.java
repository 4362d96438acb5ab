package dev.octet.cli;

import dev.octet.profile.DeviceTime;
import dev.octet.profile.Profile;
import dev.octet.profile.peak.Gpu;
import dev.octet.profile.peak.Gpus;
import dev.octet.tensor.ConfigException;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which GPU a command is about: the one that {@code --gpu} names, or the one that a profile was taken on. */
final class GpuOption {
    private GpuOption() {}

    /** The GPU that {@code --gpu} names. */
    static Gpu named(Invocation invocation) {
        String name = invocation
                .value("gpu")
                .orElseThrow(() -> new ConfigException("option --gpu is required; known are " + known()));
        return Gpus.find(name)
                .orElseThrow(() -> new ConfigException("no GPU is named \"" + name + "\"; known are " + known()));
    }

    /** Like {@link #named}, but without {@code --gpu} the busiest GPU of a profile. */
    static Gpu namedOrOf(Invocation invocation, Optional<Profile> profile) {
        return invocation.has("gpu") || profile.isEmpty() ? named(invocation) : of(profile.get());
    }

    /** The busiest GPU of a profile. */
    static Gpu of(Profile profile) {
        Optional<DeviceTime> busiest = Optional.empty();
        for (DeviceTime device : profile.devices()) {
            if (busiest.filter(other -> other.totalNanos() >= device.totalNanos())
                    .isEmpty()) {
                busiest = Optional.of(device);
            }
        }
        String name = busiest.map(device -> device.data().name()).orElse("none");
        return busiest.flatMap(device -> Gpus.of(device.data()))
                .orElseThrow(() -> new ConfigException("the profile does not say enough about its GPU (\"" + name
                        + "\") to derive its peaks; give --gpu NAME, known are " + known()));
    }

    static String known() {
        return Gpus.ALL.stream().map(Gpu::name).collect(Collectors.joining(", "));
    }
}
