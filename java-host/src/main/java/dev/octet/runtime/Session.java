package dev.octet.runtime;

import dev.octet.graph.Graph;
import dev.octet.graph.ModelException;
import dev.octet.graph.ValueInfo;
import dev.octet.tensor.LimitException;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
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
    private final PlanCompiler.Target target;
    private final ReentrantReadWriteLock closing = new ReentrantReadWriteLock();
    private final LinkedHashMap<Map<String, Shape>, Lease> plans = new LinkedHashMap<>(16, 0.75f, true);
    private boolean closed;

    /** A program, how many runs use it, and whether it is to be closed when none does. Guarded by {@link #plans}. */
    private static final class Lease {
        private final Program program;
        private int users;
        private boolean dropped;

        Lease(Program program) {
            this.program = program;
        }

        private void closeIfUnused() {
            if (dropped && users == 0) {
                program.close();
            }
        }
    }

    private Session(Graph graph, Backends.Opened opened, Backend host, SessionOptions options) {
        this.graph = graph;
        this.options = options;
        this.deviceReason = opened.reason();
        this.device = opened.device();
        this.workers = new WorkerPool(options.threads(), host::placement);
        this.constants = new ConstantStore(graph);
        long constantBytes = graph.constants().values().stream()
                .mapToLong(tensor -> tensor.data().byteSize())
                .sum();
        MemoryBudget budget = new MemoryBudget(options.memoryLimitBytes(), constantBytes, this::dropIdle);
        this.target = new PlanCompiler.Target(host, device, constants, budget);
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
        Map<String, Tensor> computed = new HashMap<>();
        run(inputs, (name, value) -> computed.put(name, value.copy()));
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
        closing.readLock().lock();
        try {
            requireOpen();
            Lease lease = take(InputCheck.shapes(graph, inputs));
            try {
                lease.program.run(inputs, workers, new Program.Observers(sink, options.listener()));
            } finally {
                putBack(lease);
            }
        } catch (ModelException e) {
            throw placed(e);
        } catch (LimitException e) {
            throw placed(new ModelException(ModelException.Kind.LIMIT, String.valueOf(e.getMessage()), e));
        } finally {
            closing.readLock().unlock();
        }
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
            Lease lease = take(Map.copyOf(inputShapes));
            putBack(lease);
            return lease.program.plan();
        } catch (ModelException e) {
            throw placed(e);
        } finally {
            closing.readLock().unlock();
        }
    }

    private ModelException placed(ModelException fault) {
        return options.place().map(fault::at).orElse(fault);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the session is closed");
        }
    }

    private Lease take(Map<String, Shape> shapes) {
        synchronized (plans) {
            Lease lease = plans.get(shapes);
            if (lease == null) {
                lease = new Lease(PlanCompiler.compile(graph, shapes, target));
                plans.put(shapes, lease);
                dropOldest();
            }
            lease.users++;
            return lease;
        }
    }

    private void dropOldest() {
        if (plans.size() > MAX_PLANS) {
            Lease oldest = plans.pollFirstEntry().getValue();
            oldest.dropped = true;
            oldest.closeIfUnused();
        }
    }

    /** Frees the memory that no run uses. */
    private void dropIdle() {
        synchronized (plans) {
            plans.values().forEach(lease -> lease.program.dropIdle());
        }
    }

    private void putBack(Lease lease) {
        synchronized (plans) {
            lease.users--;
            lease.closeIfUnused();
        }
    }

    /**
     * Waits for runs that are going on and frees everything. Closing again does nothing.
     *
     * @throws IllegalStateException if called from within a run of this session
     */
    @Override
    public void close() {
        if (closing.getReadHoldCount() > 0) {
            throw new IllegalStateException("a session cannot be closed from within its own run");
        }
        closing.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            workers.close();
            plans.values().forEach(lease -> lease.program.close());
            plans.clear();
            constants.close();
            device.ifPresent(Device::close);
        } finally {
            closing.writeLock().unlock();
        }
    }
}
