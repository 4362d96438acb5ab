package dev.octet.runtime;

import dev.octet.tensor.ConfigException;

/** Which device the user wants: {@code auto}, {@code cpu} or {@code cuda[:n]}. */
public sealed interface DeviceChoice {
    DeviceChoice AUTO = new Auto();
    DeviceChoice CPU = new Cpu();

    /** The fastest device that works. */
    record Auto() implements DeviceChoice {}

    record Cpu() implements DeviceChoice {}

    /**
     * One CUDA device.
     *
     * @param index as the driver numbers them, from 0
     */
    record Cuda(int index) implements DeviceChoice {}

    /**
     * Reads what the command line's {@code --device} takes.
     *
     * @throws ConfigException if it is none of the above
     */
    static DeviceChoice parse(String text) {
        if (text.equals("auto")) {
            return AUTO;
        }
        if (text.equals("cpu")) {
            return CPU;
        }
        if (text.equals("cuda")) {
            return new Cuda(0);
        }
        if (text.matches("cuda:[0-9]{1,3}")) {
            return new Cuda(Integer.parseInt(text.substring("cuda:".length())));
        }
        throw new ConfigException("device \"" + text + "\" is unknown; use auto, cpu, cuda or cuda:N");
    }
}
