#!/usr/bin/env bash
# Compiles the CPU kernels into one shared library: build-cpu.sh OUTPUT_FOLDER. Every warning is an error; without a
# compiler it says so and leaves the Java kernels to do the work. Only what changed is compiled again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
out=${1:?usage: build-cpu.sh OUTPUT_FOLDER}
compiler=${CC:-gcc}
if ! command -v "$compiler" >/dev/null; then
  echo "native kernels: no $compiler here, so the Java kernels will be used"
  exit 0
fi
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) platform=linux-x86_64; sets="generic avx2 avxvnni avx512vnni" ;;
  Linux-aarch64) platform=linux-aarch64; sets="generic neondot" ;;
  *) echo "native kernels: none for $(uname -s) on $(uname -m), so the Java kernels will be used"; exit 0 ;;
esac
objects=$out/../native-objects/$platform
library=$out/native/$platform/liboctet_cpu.so
mkdir -p "$objects" "$(dirname "$library")"
# Wrapping sums are part of the integer kernels' contract (-fwrapv); products and sums of floats round apart unless an
# FMA is written out (-ffp-contract=off).
flags=(-O3 -std=c11 -Wall -Wextra -Werror -fno-fast-math -ffp-contract=off -fwrapv -fPIC -fvisibility=hidden
  -fno-semantic-interposition)
. ./parallel.sh
compile() { # SOURCE FLAGS...
  local object
  object=$objects/$(basename "$1" .c).o
  for input in "$1" src/main/c/*.h build-cpu.sh; do
    if [ "$input" -nt "$object" ]; then
      "$compiler" "${flags[@]}" "${@:2}" -c "$1" -o "$object"
      return
    fi
  done
}
compile src/main/c/cpu_features.c
compile src/main/c/threads.c
for set in $sets; do
  case $set in
    generic) isa=() ;;
    avx2) isa=(-mavx2 -mfma) ;;
    avxvnni) isa=(-mavx2 -mfma -mavxvnni) ;;
    neondot) isa=(-march=armv8.2-a+dotprod) ;;
    avx512vnni) isa=(-mavx512f -mavx512bw -mavx512vl -mavx512vnni) ;;
  esac
  for source in src/main/c/*_"$set".c; do
    compile "$source" "${isa[@]}" &
    throttle
  done
done
finish "native kernels"
forget "$objects" "" src/main/c .c "$library"
for object in "$objects"/*.o; do
  if [ "$object" -nt "$library" ]; then
    "$compiler" -shared -Wl,-z,noexecstack -Wl,--no-undefined -o "$library" "$objects"/*.o -lm
    break
  fi
done
