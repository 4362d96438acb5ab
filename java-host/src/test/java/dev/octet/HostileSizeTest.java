package dev.octet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.onnx.HostileSize;
import dev.octet.runtime.Session;
import dev.octet.runtime.SessionOptions;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Time in proportion to the nodes. {@code -Doctet.hostile.nodes=60000} takes models as large as the loader allows;
 * those that the build takes would together need minutes where a rule looks at the whole graph for each match.
 */
class HostileSizeTest {
    private static final int NODES = Integer.getInteger("octet.hostile.nodes", 1500);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(HostileSize.class)
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void run_manyNodes_takesSeconds(HostileSize kind) throws IOException {
        Model model = Model.load(kind.write(folder, NODES));

        try (Session session = model.open(SessionOptions.defaults())) {
            Map<String, Tensor> outputs = session.run(Map.of("x", Tensor.allocate(DType.F32, Shape.of(1, 4, 4, 4))));

            assertThat(outputs).containsKey("y");
        }
    }
}
