#!/usr/bin/env bash
# Compares kernels with their generic twins, also those that this processor cannot run, and calls them with arguments that
# cannot be, under the address and undefined-behaviour sanitizers: test-cpu.sh WORK_FOLDER [REQUIRED].
# AVX-VNNI and AVX-512 run on SIMDe's definitions of their intrinsics, NEON under QEMU after a cross-compilation. REQUIRED
# may contain "simde" or "qemu": then its absence is an error.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
work=${1:?usage: test-cpu.sh WORK_FOLDER [REQUIRED]}
required=${2:-}
compiler=${CC:-gcc}
skip() { # WORD REASON
  echo "native kernels' twins: $2"
  [[ $required != *"$1"* ]] || exit 1
}
if [ "$(uname -s)-$(uname -m)" != Linux-x86_64 ] || ! command -v "$compiler" >/dev/null; then
  skip simde "not compared: no $compiler for x86-64 here"
  exit 0
fi
mkdir -p "$work"
sets=() # that run at the same time, each to a log of its own
start() { # SET FLAGS...
  sets+=("$1")
  {
    twins "$@"
    echo passed
  } >"$work/$1.log" 2>&1 &
}
flags=(-O1 -std=c11 -Wall -Wextra -Werror -fno-fast-math -ffp-contract=off -fwrapv -Isrc/main/c)
base=avx2
run=()
twins() ( # SET FLAGS...; peak_* only keeps the multipliers busy, in assembly, and has no results to compare
  set -e
  set=$1 has=() objects=()
  mkdir -p "$work/$set"
  for source in src/main/c/*_{"$base","$set",generic}.c; do # AVX-512 kernels may leave cases to those of AVX2
    name=$(basename "$source" .c)
    [[ $source != */peak_* && " ${objects[*]} " != *" $work/$set/$name.o "* ]] || continue
    [[ $name != *_"$set" ]] || has+=("-DHAS_$(tr a-z A-Z <<<"${name%_*}")")
    "$compiler" "${flags[@]}" "${@:2}" -c -o "$work/$set/$name.o" "$source"
    objects+=("$work/$set/$name.o")
  done
  for program in "twins twins_bytes twins_elements twins_float" hostile_arguments; do
    # shellcheck disable=SC2086 # a program of several sources
    "$compiler" "${flags[@]}" "${@:2}" "-DSET=$set" "${has[@]}" -o "$work/$set/${program%% *}" \
      $(printf 'src/test/c/%s.c ' $program) "${objects[@]}" -lm
    # Requests for memory that a call's arguments ask for are refused like any other, not fatal.
    ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 "${run[@]}" "$work/$set/${program%% *}"
  done
)
if grep -qw avx2 /proc/cpuinfo; then
  start avx2 -mavx2 -mfma -fsanitize=address,undefined -fno-sanitize=shift,alignment
  if echo '#include <simde/x86/avx512.h>' | "$compiler" -E -x c - >/dev/null 2>&1; then
    start avxvnni -mavx2 -mfma -isystem src/test/c/simde -Wno-psabi
    start avx512vnni -mavx2 -mfma -isystem src/test/c/simde -Wno-psabi
  else
    skip simde "avxvnni and avx512vnni not compared: no SIMDe headers (Debian: libsimde-dev)"
  fi
else
  skip simde "not compared: this processor has no AVX2"
fi
cross=aarch64-linux-gnu-gcc
if command -v "$cross" >/dev/null && command -v qemu-aarch64 >/dev/null; then
  compiler=$cross base=generic run=(qemu-aarch64 -cpu max)
  for source in cpu_features threads; do
    "$compiler" "${flags[@]}" -c -o "$work/aarch64_$source.o" "src/main/c/$source.c"
  done
  start neondot -march=armv8.2-a+dotprod -static
else
  skip qemu "neondot not compared: no $cross or no qemu-aarch64 (Debian: gcc-aarch64-linux-gnu, qemu-user)"
fi
wait
wrong=0
for set in "${sets[@]}"; do
  sed "s/^/$set: /" "$work/$set.log"
  [ "$(tail -n 1 "$work/$set.log")" = passed ] || wrong=1
done
exit $wrong
