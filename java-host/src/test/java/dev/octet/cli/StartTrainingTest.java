package dev.octet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octet.Model;
import dev.octet.data.NpyFile;
import dev.octet.graph.op.QuantizeLinear;
import dev.octet.tensor.Shape;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartTrainingTest {
    @TempDir
    private Path folder;

    @Test
    void main_anEmptyFolder_quantizesAndRunsItsModel() throws Exception {
        StartTraining.main(new String[] {folder.toString()});

        assertThat(Model.load(folder.resolve("int8.onnx")).graph().nodes())
                .anyMatch(node -> node.op() instanceof QuantizeLinear);
        assertThat(NpyFile.read(folder.resolve("y.npy")).shape()).isEqualTo(Shape.of(2, 10));
    }
}
