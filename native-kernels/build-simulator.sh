#!/usr/bin/env bash
# Builds the simulated CUDA device of the tests: build-simulator.sh OUTPUT_FOLDER makes OUTPUT_FOLDER/lib/libcuda.so.1 of
# the simulator and of the kernels in src/main/cuda, compiled for this processor, and beside it a libcublasLt.so.13 that
# computes on that device; OUTPUT_FOLDER/baselines has stand-ins for libcublas.so.12 and libcudnn.so.8. Only what changed
# is compiled again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
out=${1:?usage: build-simulator.sh OUTPUT_FOLDER}
case "$out" in /*) ;; *) out="$OLDPWD/$out" ;; esac
. src/test/cuda/flags.sh
if [ "$(uname -s)-$(uname -m)" != Linux-x86_64 ] || ! command -v "$compiler" >/dev/null; then
  echo "CUDA simulator: not built, it needs $compiler for x86-64 Linux"
  exit 0
fi
simulator=src/test/cuda
objects=$out/objects
library=$out/lib/libcuda.so.1
mkdir -p "$objects" "$out/lib"
. src/test/cuda/compile.sh
for source in "$simulator"/runtime/*.cpp "$simulator"/driver/*.cpp; do
  compile "$source" "$objects/$(basename "$(dirname "$source")")-$(basename "$source" .cpp).o" &
  throttle
done
for source in src/main/cuda/*.cu; do
  [[ $source == */octet_kernels.cu ]] || { compile_kernels "$source" "$objects" & throttle; }
done
cublaslt=$objects/cublaslt
mkdir -p "$cublaslt"
for source in "$simulator"/cublaslt/*.cpp; do
  compile "$source" "$cublaslt/$(basename "$source" .cpp).o" -DOCTET_SIMULATOR &
  throttle
done
baselines=$out/baselines
mkdir -p "$objects/nvtx" "$objects/cublas" "$objects/cudnn" "$baselines"
compile "$simulator/cublas/calls.cpp" "$objects/cublas/calls.o" &
compile "$simulator/cudnn/calls.cpp" "$objects/cudnn/calls.o" -DOCTET_SIMULATOR &
compile "$simulator/nvtx/recorder.cpp" "$objects/nvtx/recorder.o" &
finish "CUDA simulator"
forget "$objects" runtime- "$simulator/runtime" .cpp "$library"
forget "$objects" driver- "$simulator/driver" .cpp "$library"
forget "$objects" kernels- src/main/cuda .cu "$library"
link "$library" libcuda.so.1 "$objects"
link "$out/lib/libcublasLt.so.13" libcublasLt.so.13 "$cublaslt" "$objects/runtime-half.o" "$library" '-Wl,-rpath,$ORIGIN'
link "$baselines/libcublas.so.12" libcublas.so.12 "$objects/cublas" "$cublaslt/product.o" "$objects/runtime-half.o" "$library" \
  "-Wl,--version-script=$simulator/cublas/symbols.map" '-Wl,-rpath,$ORIGIN/../lib'
link "$baselines/libcudnn.so.8" libcudnn.so.8 "$objects/cudnn" "$objects/runtime-half.o" "$library" \
  "-Wl,--version-script=$simulator/cudnn/symbols.map" '-Wl,-rpath,$ORIGIN/../lib'
link "$out/lib/libnvtx_recorder.so" libnvtx_recorder.so "$objects/nvtx"
