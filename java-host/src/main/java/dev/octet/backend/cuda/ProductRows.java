package dev.octet.backend.cuda;

import dev.octet.backend.cuda.ProductContest.Contender;
import dev.octet.backend.cuda.lt.CublasLt;
import dev.octet.backend.cuda.lt.LtAlgorithm;
import dev.octet.backend.cuda.lt.LtLibrary;
import dev.octet.backend.cuda.lt.LtMatmul;
import dev.octet.backend.cuda.lt.LtSearch;
import dev.octet.graph.ModelException;
import dev.octet.runtime.KernelSpec;
import dev.octet.tensor.BackendException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Gives integer products to cuBLASLt or to Hopper's warpgroup kernels where that is wanted, or was faster when all were
 * timed.
 */
final class ProductRows {
    private static final System.Logger LOG = System.getLogger(ProductRows.class.getName());

    /** How many algorithms the library is asked for. */
    static final int CANDIDATES = 16;

    private static final String NAME = "cublasLtMatmul_s8s32+octet_simt_requantize";

    private final ProductMode mode;
    private final Optional<CublasLt> lt;
    private final String detail;
    private final ProductCache cache;

    /**
     * What is on this machine. The library is not looked for where nobody would use it.
     *
     * @throws BackendException if cuBLASLt is demanded and refuses the device
     */
    ProductRows(CudaDevice device, ProductMode mode, ProductCache cache) {
        boolean wanted = switch (mode) {
            case OWN, WGMMA -> false;
            case CUBLASLT -> true;
            case AUTO -> device.info().keepsTime();
        };
        LtSearch search = wanted ? LtSearch.run() : new LtSearch(Optional.empty(), "not wanted");
        this.mode = mode;
        this.cache = cache;
        this.detail = search.detail();
        this.lt = search.library().flatMap(library -> open(device, mode, library));
    }

    private static Optional<CublasLt> open(CudaDevice device, ProductMode mode, LtLibrary library) {
        try {
            return Optional.of(device.cublasLt(library));
        } catch (BackendException e) {
            if (mode == ProductMode.CUBLASLT) {
                throw e;
            }
            LOG.log(System.Logger.Level.WARNING, "cuBLASLt is left out: {0}", e.getMessage());
            return Optional.empty();
        }
    }

    /** The row to use for a node: the own one, or another's. */
    Row choose(CudaDevice device, KernelSpec spec, Row own) {
        Optional<QProduct> product = mode == ProductMode.OWN ? Optional.empty() : QProduct.of(spec);
        if (product.isEmpty()) {
            return own;
        }
        Optional<Row> other = switch (mode) {
            case OWN -> Optional.empty();
            case WGMMA -> WarpgroupStep.best(device, product.get());
            case CUBLASLT -> {
                CublasLt found = lt.orElseThrow(() -> new BackendException(
                        ProductMode.PROPERTY + " demands cuBLASLt: " + detail, 1, "CUBLAS_STATUS_NOT_INITIALIZED"));
                yield recommended(found, product.get()).map(algorithm -> row(found, algorithm));
            }
            case AUTO -> device.info().keepsTime() ? timed(device, spec, product.get(), own) : Optional.empty();
        };
        return other.orElse(own);
    }

    private static Optional<String> recommended(CublasLt lt, QProduct product) {
        try (Arena arena = Arena.ofConfined()) {
            List<LtAlgorithm> candidates =
                    LtProductStep.matmul(lt, product, arena).candidates(CANDIDATES);
            return candidates.stream().findFirst().map(LtAlgorithm::toHex);
        }
    }

    private Optional<Row> timed(CudaDevice device, KernelSpec spec, QProduct product, Row own) {
        if (lt.isEmpty() && !WarpgroupStep.isOffered(device)) {
            return Optional.empty();
        }
        String key = String.join(
                "; ",
                device.info().name(),
                "sm_" + device.computeCapability(),
                "cuBLASLt "
                        + lt.map(found -> String.valueOf(found.library().version()))
                                .orElse("none"),
                "kernels " + device.imageHash(),
                product.label());
        ProductCache.Choice choice = cache.get(key).orElseGet(() -> fastest(device, spec, own, key));
        return switch (choice) {
            case ProductCache.Choice.Own _ -> Optional.empty();
            case ProductCache.Choice.Warpgroup warpgroup -> Optional.of(WarpgroupStep.row(warpgroup.tile()));
            case ProductCache.Choice.Library library -> lt.map(found -> row(found, library.algorithm()));
        };
    }

    /** Found out by timing; the own kernel where there is no memory to time in. */
    private ProductCache.Choice fastest(CudaDevice device, KernelSpec spec, Row own, String key) {
        try {
            ProductCache.Choice winner = new ProductContest(device)
                    .run(spec, own, scratch -> contenders(device, lt, scratch))
                    .fastest();
            cache.put(key, winner);
            return winner;
        } catch (ModelException e) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "{0} is not timed: {1}",
                    spec.node().describe(),
                    e.getMessage());
            return new ProductCache.Choice.Own();
        }
    }

    /** All other ways to compute the product of a node on a device: the warpgroup's tiles, then cuBLASLt's algorithms. */
    static List<Contender> contenders(CudaDevice device, Optional<CublasLt> lt, KernelSpec spec) {
        QProduct product = QProduct.of(spec).orElseThrow();
        List<Contender> contenders = new ArrayList<>();
        if (WarpgroupStep.isOffered(device)) {
            Arrays.stream(WarpgroupTile.values())
                    .filter(tile -> tile.reads(product))
                    .map(tile -> new Contender(
                            new ProductCache.Choice.Warpgroup(tile),
                            tile.kernel(),
                            new WarpgroupStep(device, spec, product, tile)))
                    .forEach(contenders::add);
        }
        if (lt.isPresent()) {
            LtMatmul matmul = LtProductStep.matmul(lt.get(), product, spec.arena());
            PackedProduct packed = product.packed(device, spec);
            for (LtAlgorithm algorithm : matmul.candidates(CANDIDATES)) {
                contenders.add(new Contender(
                        new ProductCache.Choice.Library(algorithm.toHex()),
                        "cuBLASLt's algorithm " + algorithm.toHex(),
                        LtProductStep.of(device, product, packed, matmul, algorithm)));
            }
        }
        return contenders;
    }

    /** A row that computes with one algorithm, or with the library's first one if it does not take that one any more. */
    private static Row row(CublasLt lt, String algorithm) {
        return new Row(NAME, spec -> QProduct.of(spec).isPresent(), (device, spec) -> {
            QProduct product = QProduct.of(spec).orElseThrow();
            LtMatmul matmul = LtProductStep.matmul(lt, product, spec.arena());
            LtAlgorithm usable = matmul.restore(algorithm)
                    .or(() -> matmul.candidates(1).stream().findFirst())
                    .orElseThrow(() -> new BackendException(
                            lt.library().name() + " has no algorithm for "
                                    + matmul.problem().label(),
                            15,
                            "CUBLAS_STATUS_NOT_SUPPORTED"));
            return LtProductStep.of(device, product, product.packed(device, spec), matmul, usable);
        });
    }
}
