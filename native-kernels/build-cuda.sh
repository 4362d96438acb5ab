#!/usr/bin/env bash
# Compiles the CUDA kernels into one fatbin, OUTPUT_FOLDER/native/cuda/octet_kernels.fatbin: build-cuda.sh OUTPUT_FOLDER.
# Every warning, every register spill and every kernel over its register budget is an error. Without nvcc it says so and
# leaves the CUDA backend without kernels. Compiles only if something changed. By default for each generation once, which
# takes half the time: 8.6 and 8.9 run 8.0's machine code, and every 9.0 runs 9.0a's, which has Hopper's warpgroup
# instructions. 12.0's is made of 10.0's PTX: the sources do not tell these two apart. OCTET_CUDA_ARCHITECTURES=all builds
# for each chip, a list such as "80 90a" for these alone; the simulated device takes any.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
out=${1:?usage: build-cuda.sh OUTPUT_FOLDER}
case "$out" in /*) ;; *) out="$OLDPWD/$out" ;; esac
nvcc=
for candidate in "$(command -v nvcc || true)" "${CUDA_HOME:-/usr/local/cuda}/bin/nvcc" /usr/local/cuda*/bin/nvcc; do
  if [ -z "$nvcc" ] && [ -n "$candidate" ] && [ -x "$candidate" ]; then
    nvcc=$candidate
  fi
done
if [ -z "$nvcc" ]; then
  echo "CUDA kernels: no nvcc on the PATH, in CUDA_HOME or in /usr/local/cuda, so this build cannot run on a GPU"
  exit 0
fi
fatbin=$out/native/cuda/octet_kernels.fatbin
architectures=$out/native/cuda/architectures.txt
log=$out/../native-objects/cuda
wanted=${OCTET_CUDA_ARCHITECTURES:-75 80 90a 100 120}
[ "$wanted" != all ] || wanted="75 80 86 89 90 90a 100 120"
built=
mkdir -p "$(dirname "$fatbin")" "$log"
changed=
[ -f "$fatbin" ] && [ "$(cat "$log/wanted" 2>/dev/null)" = "$wanted" ] || changed=yes
for input in src/main/cuda/* build-cuda.sh; do
  if [ -z "$changed" ] && [ "$input" -nt "$fatbin" ]; then
    changed=yes
  fi
done
if [ -z "$changed" ]; then
  exit 0
fi
known=$("$nvcc" --list-gpu-code)
targets=()
for sm in $wanted; do
  if grep -qx "sm_${sm%a}" <<<"$known"; then
    ptx=$sm
    [ "$sm" != 120 ] || ptx=100
    targets+=(-gencode "arch=compute_$ptx,code=sm_$sm")
    built+="sm_$sm "
  else
    echo "CUDA kernels: this nvcc does not know sm_$sm; install CUDA 13 to build for it"
  fi
done
if [[ " $wanted " == *" 80 "* ]]; then
  targets+=(-gencode arch=compute_80,code=compute_80)
  built+="compute_80 (PTX)"
fi
# Every device that is opened reads and hashes the whole fatbin.
compress=()
if "$nvcc" --help | grep -q -e --compress-mode; then
  compress=(--compress-mode=size)
fi
# Products and sums of floats round apart unless an FMA is written out (--fmad=false).
if ! "$nvcc" -fatbin "${targets[@]}" "${compress[@]}" --threads 0 -std=c++17 -O3 --fmad=false -prec-div=true \
  -Werror all-warnings -Xptxas -v,-warn-spills,-Werror \
  -o "$fatbin.new" src/main/cuda/octet_kernels.cu >"$log/ptxas.log" 2>&1; then
  grep -v -e '^ptxas info' -e 'bytes stack frame' "$log/ptxas.log" >&2 || true
  exit 1
fi
./check-registers.sh "$log/ptxas.log"
# ptxas says as information only that it makes warpgroup instructions wait for each other.
if grep 'wgmma.mma_async instructions are serialized' "$log/ptxas.log" >&2; then
  exit 1
fi
if echo '#include <nvtx3/nvToolsExt.h>' | "$nvcc" -E -x c++ - >/dev/null 2>&1; then
  "$nvcc" -shared --cudart none -std=c++17 -O2 -Xcompiler -fPIC,-fvisibility=hidden \
    -o "$out/native/cuda/liboctet_nvtx.so" src/main/cuda/nvtx.cpp
else
  echo "CUDA kernels: this toolkit has no nvtx3/nvToolsExt.h, so profiles will not name plan steps"
fi
mv "$fatbin.new" "$fatbin"
echo "$built" >"$architectures"
echo "$wanted" >"$log/wanted"
