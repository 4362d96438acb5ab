package dev.octet.bench.gpu;

import java.util.List;

/**
 * What is measured.
 *
 * @param cubes of products through the library alone
 * @param products rows, columns, depth of products with their epilogue
 * @param elements of a tensor that is quantized and dequantized
 * @param copyBytes of the copy that gives the bandwidth
 */
record BenchSizes(List<Integer> cubes, List<Product> products, int elements, int copyBytes) {
    record Product(int rows, int columns, int depth) {}

    /** Those that figures are reported for. */
    static final BenchSizes FULL = new BenchSizes(
            List.of(4096, 8192),
            List.of(
                    new Product(4096, 4096, 4096),
                    new Product(8192, 8192, 8192),
                    new Product(4096, 384, 384),
                    new Product(4096, 1536, 384),
                    new Product(4096, 384, 1536),
                    new Product(2048, 3072, 768),
                    new Product(2048, 768, 3072),
                    new Product(2048, 4096, 1024),
                    new Product(512, 11008, 4096)),
            1 << 26,
            1 << 29);

    /** Small ones that only show that everything runs. */
    static final BenchSizes QUICK =
            new BenchSizes(List.of(64), List.of(new Product(64, 48, 80), new Product(16, 32, 64)), 1 << 12, 1 << 16);
}
