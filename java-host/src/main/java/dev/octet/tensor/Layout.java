package dev.octet.tensor;

/** The order of a tensor's axes where an operator distinguishes channels from space. */
public enum Layout {
    /** Channels before space, as ONNX prescribes: [N, C, ...]. */
    CHANNELS_FIRST,
    /** Channels innermost, as integer kernels want: [N, ..., C]. */
    CHANNELS_LAST;

    /** The axis that holds channels in a tensor of this rank. */
    public int channelAxis(int rank) {
        return this == CHANNELS_FIRST ? 1 : rank - 1;
    }

    /** The first spatial axis. */
    public int spatialAxis() {
        return this == CHANNELS_FIRST ? 2 : 1;
    }
}
