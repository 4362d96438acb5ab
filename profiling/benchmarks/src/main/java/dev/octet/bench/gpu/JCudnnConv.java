package dev.octet.bench.gpu;

import dev.octet.backend.cuda.lt.BaselineLibrary;
import java.lang.foreign.MemorySegment;
import jcuda.Pointer;
import jcuda.jcudnn.JCudnn;
import jcuda.jcudnn.cudnnConvolutionDescriptor;
import jcuda.jcudnn.cudnnConvolutionFwdAlgo;
import jcuda.jcudnn.cudnnConvolutionMode;
import jcuda.jcudnn.cudnnDataType;
import jcuda.jcudnn.cudnnFilterDescriptor;
import jcuda.jcudnn.cudnnHandle;
import jcuda.jcudnn.cudnnMathType;
import jcuda.jcudnn.cudnnTensorDescriptor;
import jcuda.jcudnn.cudnnTensorFormat;

/**
 * cuDNN 8's convolution through JCudnn, implicit product with precomputed offsets. JCudnn 11.7 asks for a native library
 * with the version of JCuda in its name, which nobody publishes: this module's build puts the published one among its
 * resources under that name.
 *
 * @param precision of operands and result
 */
record JCudnnConv(Precision precision) implements ConvBaseline {
    private static final int ALGORITHM = cudnnConvolutionFwdAlgo.CUDNN_CONVOLUTION_FWD_ALGO_IMPLICIT_PRECOMP_GEMM;
    private static final int FORMAT = cudnnTensorFormat.CUDNN_TENSOR_NHWC;

    @Override
    public String name() {
        return "JCudnn convolution " + precision;
    }

    private int type() {
        return switch (precision) {
            case INT8 -> cudnnDataType.CUDNN_DATA_INT8;
            case FP16 -> cudnnDataType.CUDNN_DATA_HALF;
            case FP32 -> cudnnDataType.CUDNN_DATA_FLOAT;
        };
    }

    @Override
    public Call open(Size size) {
        BaselineLibrary.CUDNN.load();
        JCudnn.setExceptionsEnabled(false);
        return new Ready(this, size);
    }

    private static void check(int status, String call) {
        if (status != 0) {
            throw new IllegalStateException(call + " gave status " + status);
        }
    }

    /** The library's descriptors of one convolution. */
    private static final class Ready implements Call {
        private final cudnnHandle handle = new cudnnHandle();
        private final cudnnTensorDescriptor image = new cudnnTensorDescriptor();
        private final cudnnFilterDescriptor filter = new cudnnFilterDescriptor();
        private final cudnnConvolutionDescriptor convolution = new cudnnConvolutionDescriptor();
        private final long workspaceBytes;

        Ready(JCudnnConv conv, Size size) {
            check(JCudnn.cudnnCreate(handle), "cudnnCreate");
            check(JCudnn.cudnnCreateTensorDescriptor(image), "cudnnCreateTensorDescriptor");
            check(JCudnn.cudnnCreateFilterDescriptor(filter), "cudnnCreateFilterDescriptor");
            check(JCudnn.cudnnCreateConvolutionDescriptor(convolution), "cudnnCreateConvolutionDescriptor");
            int type = conv.type();
            int channels = size.channels();
            check(
                    JCudnn.cudnnSetTensor4dDescriptor(
                            image, FORMAT, type, size.batch(), channels, size.extent(), size.extent()),
                    "cudnnSetTensor4dDescriptor");
            check(
                    JCudnn.cudnnSetFilter4dDescriptor(filter, type, FORMAT, channels, channels, 3, 3),
                    "cudnnSetFilter4dDescriptor");
            int compute =
                    conv.precision == Precision.INT8 ? cudnnDataType.CUDNN_DATA_INT32 : cudnnDataType.CUDNN_DATA_FLOAT;
            check(
                    JCudnn.cudnnSetConvolution2dDescriptor(
                            convolution, 1, 1, 1, 1, 1, 1, cudnnConvolutionMode.CUDNN_CROSS_CORRELATION, compute),
                    "cudnnSetConvolution2dDescriptor");
            int math = conv.precision == Precision.FP32
                    ? cudnnMathType.CUDNN_FMA_MATH
                    : cudnnMathType.CUDNN_TENSOR_OP_MATH;
            check(JCudnn.cudnnSetConvolutionMathType(convolution, math), "cudnnSetConvolutionMathType");
            long[] bytes = new long[1];
            check(
                    JCudnn.cudnnGetConvolutionForwardWorkspaceSize(
                            handle, image, filter, convolution, image, ALGORITHM, bytes),
                    "cudnnGetConvolutionForwardWorkspaceSize");
            this.workspaceBytes = bytes[0];
        }

        @Override
        public long workspaceBytes() {
            return workspaceBytes;
        }

        @Override
        public void enqueue(MemorySegment x, MemorySegment w, MemorySegment y, MemorySegment workspace) {
            int result = JCudnn.cudnnConvolutionForward(
                    handle,
                    Pointer.to(new float[] {1}),
                    image,
                    new DeviceAddress(x),
                    filter,
                    new DeviceAddress(w),
                    convolution,
                    ALGORITHM,
                    new DeviceAddress(workspace),
                    workspaceBytes,
                    Pointer.to(new float[] {0}),
                    image,
                    new DeviceAddress(y));
            check(result, "cudnnConvolutionForward");
        }

        @Override
        public void close() {
            JCudnn.cudnnDestroyConvolutionDescriptor(convolution);
            JCudnn.cudnnDestroyFilterDescriptor(filter);
            JCudnn.cudnnDestroyTensorDescriptor(image);
            JCudnn.cudnnDestroy(handle);
        }
    }
}
