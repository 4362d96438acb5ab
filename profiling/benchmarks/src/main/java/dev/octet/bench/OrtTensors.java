package dev.octet.bench;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import dev.octet.graph.ModelException;
import dev.octet.tensor.DType;
import dev.octet.tensor.Shape;
import dev.octet.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Copies tensors to and from ONNX Runtime. Element types that its Java interface cannot carry are refused. */
final class OrtTensors {
    private OrtTensors() {}

    /** A copy owned by ONNX Runtime; the caller closes it. */
    static OnnxTensor toOrt(OrtEnvironment environment, Tensor tensor) throws OrtException {
        OnnxJavaType type = javaType(tensor.dtype());
        ByteBuffer bytes = ByteBuffer.allocateDirect(
                        Math.toIntExact(tensor.data().byteSize()))
                .order(ByteOrder.nativeOrder());
        MemorySegment.ofBuffer(bytes).copyFrom(tensor.data());
        return OnnxTensor.createTensor(environment, bytes, tensor.shape().dims(), type);
    }

    /** A copy on the Java heap. */
    static Tensor fromOrt(OnnxTensor tensor) {
        TensorInfo info = tensor.getInfo();
        Tensor copy = Tensor.allocate(dtype(info.onnxType), Shape.of(info.getShape()));
        if (copy.elementCount() > 0) {
            copy.data().copyFrom(MemorySegment.ofBuffer(tensor.getByteBuffer()));
        }
        return copy;
    }

    private static OnnxJavaType javaType(DType dtype) {
        return switch (dtype) {
            case F32 -> OnnxJavaType.FLOAT;
            case F64 -> OnnxJavaType.DOUBLE;
            case F16 -> OnnxJavaType.FLOAT16;
            case BF16 -> OnnxJavaType.BFLOAT16;
            case S8 -> OnnxJavaType.INT8;
            case U8 -> OnnxJavaType.UINT8;
            case S16 -> OnnxJavaType.INT16;
            case S32 -> OnnxJavaType.INT32;
            case S64 -> OnnxJavaType.INT64;
            case BOOL -> OnnxJavaType.BOOL;
            case F8E4M3FN, F8E4M3FNUZ, F8E5M2, F8E5M2FNUZ, F8E8M0, F4E2M1, S4, S2, U64, U32, U16, U4, U2 ->
                throw ModelException.unsupported("ONNX Runtime's Java interface takes no " + dtype.label() + " inputs");
        };
    }

    private static DType dtype(TensorInfo.OnnxTensorType type) {
        return switch (type) {
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> DType.F32;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> DType.F64;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 -> DType.F16;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16 -> DType.BF16;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> DType.S8;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> DType.U8;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> DType.S16;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16 -> DType.U16;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> DType.S32;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32 -> DType.U32;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> DType.S64;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64 -> DType.U64;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> DType.BOOL;
            default -> throw ModelException.unsupported("ONNX Runtime returned an output of type " + type);
        };
    }
}
