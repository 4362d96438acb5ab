package dev.octet.runtime;

import dev.octet.graph.Node;

/**
 * A step whose types are known before running.
 *
 * @param index its place among the program's steps
 */
record StaticStep(Node node, PlanStep info, Kernel kernel, int index, int[] inputs, int[] outputs) implements HostStep {
    @Override
    public boolean readsConstant(int input) {
        return kernel.readsConstant(input);
    }

    @Override
    public void run(Frame frame, Workers workers) {
        frame.bound(index).run(workers);
    }
}
