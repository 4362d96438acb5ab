#!/usr/bin/env bash
# Compiles the CUDA kernels into one fatbin: build-cuda.sh OUTPUT_FOLDER. Every warning is an error.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
out=${1:?usage: build-cuda.sh OUTPUT_FOLDER}
case "$out" in /*) ;; *) out="$OLDPWD/$out" ;; esac
mkdir -p "$out"
architectures=()
for sm in 75 80 86 89 90 90a 100 120; do
  architectures+=(-gencode "arch=compute_$sm,code=sm_$sm")
done
nvcc -fatbin "${architectures[@]}" -gencode arch=compute_80,code=compute_80 \
  -std=c++17 -O3 --fmad=false -prec-div=true -Werror all-warnings -Xptxas -warn-spills,-Werror \
  -o "$out/octet_kernels.fatbin" src/main/cuda/octet_kernels.cu
