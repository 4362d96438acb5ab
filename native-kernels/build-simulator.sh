#!/usr/bin/env bash
# Builds the simulated CUDA device of the tests: build-simulator.sh OUTPUT_FOLDER makes OUTPUT_FOLDER/lib/libcuda.so.1 of
# the simulator and of the kernels in src/main/cuda, compiled for this processor. Only what changed is compiled again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
out=${1:?usage: build-simulator.sh OUTPUT_FOLDER}
case "$out" in /*) ;; *) out="$OLDPWD/$out" ;; esac
compiler=${CXX:-g++}
if [ "$(uname -s)-$(uname -m)" != Linux-x86_64 ] || ! command -v "$compiler" >/dev/null; then
  echo "CUDA simulator: not built, it needs $compiler for x86-64 Linux"
  exit 0
fi
simulator=src/test/cuda
objects=$out/objects
library=$out/lib/libcuda.so.1
mkdir -p "$objects" "$out/lib"
flags=(-std=c++17 -O2 -fPIC -fvisibility=hidden -ffp-contract=off -fwrapv -fno-fast-math -Wall -Wextra -Werror)
# The calls before each access are the simulator's own (runtime/checks.cpp). Nothing may merge or widen accesses first.
checked=(-x c++ -DOCTET_SIMULATOR "-I$simulator" -Isrc/main/cuda -Wno-unknown-pragmas -Wno-unused-function
  -fsanitize=thread,bounds,integer-divide-by-zero --param tsan-instrument-func-entry-exit=0 -fno-tree-vectorize
  -fno-store-merging -fno-tree-loop-distribute-patterns -fno-strict-aliasing)
. "$simulator/compile.sh"
for source in "$simulator"/runtime/*.cpp "$simulator"/driver/*.cpp; do
  compile "$source" "$objects/$(basename "$(dirname "$source")")-$(basename "$source" .cpp).o" &
  throttle
done
for source in src/main/cuda/*.cu; do
  [[ $source == */octet_kernels.cu ]] || { compile_kernels "$source" "$objects" & throttle; }
done
finish
link "$library" libcuda.so.1 "$objects"
