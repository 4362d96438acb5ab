#!/usr/bin/env bash
# Tests the simulated CUDA device itself, with kernels that are right and kernels that are broken on purpose:
# test-simulator.sh SIMULATOR_FOLDER REQUIRED. REQUIRED may contain "simulator": then its absence is an error.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
out=${1:?usage: test-simulator.sh SIMULATOR_FOLDER [REQUIRED]}
case "$out" in /*) ;; *) out="$OLDPWD/$out" ;; esac
required=${2:-}
if [ ! -e "$out/lib/libcuda.so.1" ]; then
  echo "CUDA simulator: not tested, it was not built"
  [[ $required != *simulator* ]] || exit 1
  exit 0
fi
. src/test/cuda/flags.sh
. src/test/cuda/compile.sh
objects=$out/test-objects
mkdir -p "$objects" "$out/test"
for source in src/test/cuda/test/*.cpp; do
  compile "$source" "$objects/$(basename "$source" .cpp).o" &
  throttle
done
for source in src/test/cuda/test/*.cu; do
  compile_kernels "$source" "$objects" &
  throttle
done
finish "CUDA simulator"
"$compiler" -o "$out/test/simulator-test" "$objects"/*.o "$out"/objects/runtime-*.o "$out"/objects/driver-*.o -lpthread
"$out/test/simulator-test" "$out/test"
