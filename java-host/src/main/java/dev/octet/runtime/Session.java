package dev.octet.runtime;

import dev.octet.graph.Graph;
import dev.octet.graph.ModelException;
import dev.octet.graph.ValueInfo;
import dev.octet.tensor.JavaHeap;
import dev.octet.tensor.LimitException;
import dev.octet.tensor.OctetException;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Runs a graph. Holds native memory until closed: weights once, a plan for each of the last {@link #MAX_PLANS} sets of
 * input shapes, and for each of them the intermediate values of as many runs as were ever going on at once.
 *
 * <p>Threads. All methods may be called from any thread at any time, and several sessions of one graph share nothing that
 * changes. Results do not depend on how many threads run or help. A run is not interruptible: it finishes, and so does
 * {@link #close}, and the thread stays interrupted. {@link #close} waits for the runs that are going on; those that come
 * later are refused with an {@link IllegalStateException}, as is closing from within a run. An output sink or a listener
 * may start another run of the same session. A run that fails leaves the session as it was.
 */
public final class Session implements AutoCloseable {
    /** Plans kept; one more drops the one unused for longest. */
    public static final int MAX_PLANS = 8;

    private final Graph graph;
    private final String deviceReason;
    private final SessionOptions options;
    private final WorkerPool workers;
    private final Optional<Device> device;
    private final ConstantStore constants;
    private final ReentrantReadWriteLock closing = new ReentrantReadWriteLock();
    private final PlanCache plans;
    private final AsyncRuns asyncRuns;
    private boolean closed;

    private Session(Graph graph, Backends.Opened opened, Backend host, SessionOptions options) {
        this.graph = graph;
        this.options = options;
        this.deviceReason = opened.reason();
        this.device = opened.device();
        this.workers = new WorkerPool(options.threads(), host::placement);
        long constantBytes = graph.constants().values().stream()
                .mapToLong(tensor -> tensor.data().byteSize())
                .sum();
        MemoryBudget budget = new MemoryBudget(options.memoryLimitBytes(), constantBytes, this::dropIdle);
        device.ifPresent(used -> used.countIn(budget));
        this.constants = new ConstantStore(graph, budget);
        ComputeBudget compute = new ComputeBudget(options.computeLimit()
                .orElse(device.isPresent() ? ComputeBudget.DEVICE_LIMIT : ComputeBudget.CPU_LIMIT));
        PlanCompiler.Target target = new PlanCompiler.Target(host, device, constants, budget, compute);
        this.plans = new PlanCache(MAX_PLANS, shapes -> PlanCompiler.compile(graph, shapes, target));
        this.asyncRuns = new AsyncRuns(options.inFlight());
    }

    /**
     * Opens a session on the device that the options ask for.
     *
     * @throws dev.octet.tensor.BackendException if that device does not work here
     * @throws dev.octet.tensor.ConfigException if there is no such device, or no such kernels
     */
    public static Session open(Graph graph, SessionOptions options) {
        return open(graph, Backends.find().open(options.device()), options);
    }

    /**
     * The same with another graph where a backend that fuses operators computes all steps.
     *
     * @param fuse makes that graph
     */
    public static Session open(Graph graph, UnaryOperator<Graph> fuse, SessionOptions options) {
        Backends.Opened opened = Backends.find().open(options.device());
        boolean fusing = opened.device().isEmpty()
                && opened.host().withKernels(options.kernels()).isFusing();
        return open(fusing ? fuse.apply(graph) : graph, opened, options);
    }

    /** Opens a session on a given backend, whatever device the options ask for. */
    public static Session open(Graph graph, Backend backend, SessionOptions options) {
        return open(graph, Backends.find().open(backend, 0, backend.name() + ": given"), options);
    }

    /** Opens a session on what was opened for it, which it closes. */
    static Session open(Graph graph, Backends.Opened opened, SessionOptions options) {
        try {
            return new Session(graph, opened, opened.host().withKernels(options.kernels()), options);
        } catch (RuntimeException | Error e) {
            opened.device().ifPresent(Device::close);
            throw e;
        }
    }

    public Graph graph() {
        return graph;
    }

    /** One line that says which device is used and why. */
    public String deviceReason() {
        return deviceReason;
    }

    /**
     * Runs once.
     *
     * @param inputs one tensor for each graph input; read only, and unchanged until the run has ended
     * @return the graph's outputs in its order, on the Java heap
     * @throws dev.octet.graph.ModelException if the inputs do not fit, or cannot be computed with
     * @throws IllegalStateException if the session is closed
     */
    public Map<String, Tensor> run(Map<String, Tensor> inputs) {
        return collect(sink -> run(inputs, sink, Session::requireHeap));
    }

    /** Refuses before running what could not be kept after. */
    private static void requireHeap(Program program) {
        if (program.outputBytes() > JavaHeap.limitBytes()) {
            throw ModelException.limit(
                    "the outputs have " + program.outputBytes() + " bytes, more than " + JavaHeap.limit());
        }
    }

    /** Copies of the outputs, in the graph's order. */
    private Map<String, Tensor> collect(Consumer<OutputSink> running) {
        Map<String, Tensor> computed = new HashMap<>();
        running.accept((name, value) -> computed.put(name, value.copy()));
        Map<String, Tensor> ordered = new LinkedHashMap<>();
        for (ValueInfo output : graph.outputs()) {
            ordered.put(
                    output.name(),
                    Optional.ofNullable(computed.get(output.name())).orElseThrow());
        }
        return ordered;
    }

    /** Like {@link #run(Map)}, but hands each output over as soon as it is computed and keeps none. */
    public void run(Map<String, Tensor> inputs, OutputSink sink) {
        run(inputs, sink, _ -> {});
    }

    private void run(Map<String, Tensor> inputs, OutputSink sink, Consumer<Program> check) {
        closing.readLock().lock();
        try {
            requireOpen();
            try (PlanCache.Lease lease = plans.take(InputCheck.shapes(graph, inputs))) {
                check.accept(lease.program());
                lease.program().run(inputs, workers, new Program.Observers(sink, options.listener()));
            }
        } catch (ModelException | LimitException e) {
            throw placed(e);
        } finally {
            closing.readLock().unlock();
        }
    }

    /**
     * Runs once without waiting for the result. The inputs are copied before this returns, and may change then. A plan
     * that a device computes alone is on its way there, in a stream of its own, when this returns; a thread of the session
     * waits for such runs, and computes the others, one after the other in the order of the calls.
     *
     * <p>No more than {@link SessionOptions#inFlight} runs are in flight, each in memory of its own: one more call waits
     * until the earliest of them has ended. Whatever {@link #run(Map)} would throw completes the future instead.
     * Cancelling it drops a run that the host has not begun, and otherwise the result. {@link #close} waits for the runs in
     * flight and leaves every future completed. The common pool completes the futures: what depends on one may wait for
     * other runs, start runs and close the session. A step listener may start runs but not wait for them.
     *
     * @param inputs as for {@link #run(Map)}
     * @return what that returns
     */
    public CompletableFuture<Map<String, Tensor>> runAsync(Map<String, Tensor> inputs) {
        return asyncRuns.submit(() -> start(inputs));
    }

    private AsyncRuns.Run start(Map<String, Tensor> inputs) {
        try {
            PlanCache.Lease lease = plans.take(InputCheck.shapes(graph, inputs));
            try {
                requireHeap(lease.program());
                return begun(lease, lease.program().start(inputs, workers, options.listener()));
            } catch (RuntimeException | Error e) {
                lease.close();
                throw e;
            }
        } catch (ModelException | LimitException e) {
            throw placed(e);
        }
    }

    private AsyncRuns.Run begun(PlanCache.Lease lease, Program.Started started) {
        return new AsyncRuns.Run() {
            @Override
            public Map<String, Tensor> finish() {
                try (lease) {
                    return collect(started::finish);
                } catch (ModelException | LimitException e) {
                    throw placed(e);
                }
            }

            @Override
            public void abandon() {
                try (lease) {
                    started.abandon();
                }
            }
        };
    }

    /**
     * The plan for these input shapes, made now if no run needed it before.
     *
     * @throws dev.octet.graph.ModelException as {@link #run(Map)}
     */
    public Plan plan(Map<String, Shape> inputShapes) {
        closing.readLock().lock();
        try {
            requireOpen();
            try (PlanCache.Lease lease = plans.take(Map.copyOf(inputShapes))) {
                return lease.program().plan();
            }
        } catch (ModelException | LimitException e) {
            throw placed(e);
        } finally {
            closing.readLock().unlock();
        }
    }

    private ModelException placed(OctetException e) {
        ModelException fault = e instanceof ModelException known
                ? known
                : new ModelException(ModelException.Kind.LIMIT, String.valueOf(e.getMessage()), e);
        return options.place().map(fault::at).orElse(fault);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the session is closed");
        }
    }

    private void dropIdle() {
        plans.dropIdle();
    }

    /**
     * Waits for runs that are going on and frees everything. Closing again does nothing.
     *
     * @throws IllegalStateException if called from within a run of this session
     */
    @Override
    public void close() {
        if (closing.getReadHoldCount() > 0 || asyncRuns.isFinisher()) {
            throw new IllegalStateException("a session cannot be closed from within its own run");
        }
        asyncRuns.close();
        closing.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            workers.close();
            plans.close();
            constants.close();
            device.ifPresent(Device::close);
        } finally {
            closing.writeLock().unlock();
        }
    }
}
