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
flags=(-O1 -std=c11 -Wall -Wextra -Werror -fno-fast-math -ffp-contract=off -fwrapv -Isrc/main/c)
run=()
. ./parallel.sh
# peak_* only keeps the multipliers busy, in assembly, and has no results to compare.
compile() { # FOLDER SETS FLAGS...
  mkdir -p "$1"
  for set in $2; do
    for source in src/main/c/*_"$set".c; do
      object=$1/$(basename "$source" .c).o
      [[ $source == */peak_* ]] || "$compiler" "${flags[@]}" "${@:3}" -c -o "$object" "$source" &
      throttle
    done
  done
  finish "$1"
}
twins() ( # SET FLAGS...: the set's objects, and those of the sets it may leave cases to, are in its folder
  set -e
  folder=$work/$1 has=()
  for object in "$folder"/*_"$1".o; do
    name=$(basename "$object" .o)
    has+=("-DHAS_$(tr a-z A-Z <<<"${name%_*}")")
  done
  threads=../../main/c/threads
  [ ! -e "$folder/threads.o" ] || threads=
  for program in "twins twins_bytes twins_elements twins_float" "hostile_arguments hostile_calls $threads"; do
    # shellcheck disable=SC2086 # a program of several sources
    "$compiler" "${flags[@]}" "${@:2}" "-DSET=$1" "${has[@]}" -o "$folder/${program%% *}" \
      $(printf 'src/test/c/%s.c ' $program) "$folder"/*.o -lm
    # Requests for memory that a call's arguments ask for are refused like any other, not fatal.
    ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 "${run[@]}" "$folder/${program%% *}"
  done
  echo passed
)
simulated() { # SETS...: only the sets' own sources need SIMDe's headers, the others' objects are the library's own
  ./build-cpu.sh "$work/../classes"
  for set in "$@"; do
    {
      mkdir -p "$work/$set"
      cp "$work"/../native-objects/linux-x86_64/*_{avx2,generic}.o "$work/$set"
      rm -f "$work/$set"/peak_*
      compile "$work/$set" "$set" "${avx2[@]}" -Og -isystem src/test/c/simde -Wno-psabi
      twins "$set" "${avx2[@]}"
    } >"$work/$set.log" 2>&1 &
  done
  wait
}
rm -rf "$work"/{avx2,avxvnni,avx512vnni,neondot}
mkdir -p "$work"
sets=() # that run at the same time, each to a log of its own
avx2=(-mavx2 -mfma)
if grep -qw avx2 /proc/cpuinfo; then
  sanitized=("${avx2[@]}" -fsanitize=address,undefined -fno-sanitize=shift,alignment)
  sets+=(avx2)
  {
    # The wide sources' checks as calls compile in a fifth of the time; the generic twins run most of it, so theirs are inline.
    compile "$work/avx2" avx2 "${sanitized[@]}" -Og --param asan-instrumentation-with-call-threshold=0
    compile "$work/avx2" generic "${sanitized[@]}"
    twins avx2 "${sanitized[@]}"
  } >"$work/avx2.log" 2>&1 &
  if echo '#include <simde/x86/avx512.h>' | "$compiler" -E -x c - >/dev/null 2>&1; then
    sets+=(avxvnni avx512vnni)
    simulated avxvnni avx512vnni &
  else
    skip simde "avxvnni and avx512vnni not compared: no SIMDe headers (Debian: libsimde-dev)"
  fi
else
  skip simde "not compared: this processor has no AVX2"
fi
cross=aarch64-linux-gnu-gcc
if command -v "$cross" >/dev/null && command -v qemu-aarch64 >/dev/null; then
  sets+=(neondot)
  {
    compiler=$cross run=(qemu-aarch64 -cpu max) neon=(-march=armv8.2-a+dotprod -static)
    mkdir -p "$work/neondot"
    for source in cpu_features threads; do
      "$compiler" "${flags[@]}" -c -o "$work/neondot/$source.o" "src/main/c/$source.c"
    done
    compile "$work/neondot" "neondot generic" "${neon[@]}"
    twins neondot "${neon[@]}"
  } >"$work/neondot.log" 2>&1 &
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
