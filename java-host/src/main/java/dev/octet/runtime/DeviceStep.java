package dev.octet.runtime;

import dev.octet.graph.Node;

/**
 * A step that a device computes.
 *
 * @param index its place among the program's steps
 */
record DeviceStep(Node node, PlanStep info, DeviceKernel kernel, int index, int[] inputs, int[] outputs)
        implements Step {
    @Override
    public boolean readsConstant(int input) {
        return kernel.readsConstant(input);
    }
}
