#!/usr/bin/env bash
# Checks in the machine code that kernels whose names carry a tensor-core instruction issue it: check-instructions.sh FATBIN
# [REQUIRED]. Needs cuobjdump; without one, or with one too old for the file, it says so and checks nothing, unless REQUIRED
# names cuobjdump.
set -euo pipefail
fatbin=${1:?usage: check-instructions.sh FATBIN [REQUIRED]}
required=${2:-}
skip() {
  echo "CUDA instructions: not checked, $1"
  case ",$required," in *,cuobjdump,*) exit 1 ;; esac
  exit 0
}
[ -f "$fatbin" ] || skip "because there are no CUDA kernels"
cuobjdump=
for candidate in "$(command -v cuobjdump || true)" "${CUDA_HOME:-/usr/local/cuda}/bin/cuobjdump" \
  /usr/local/cuda*/bin/cuobjdump; do
  if [ -z "$cuobjdump" ] && [ -n "$candidate" ] && [ -x "$candidate" ]; then
    cuobjdump=$candidate
  fi
done
[ -n "$cuobjdump" ] || skip "because there is no cuobjdump here; it comes with the CUDA toolkit"
PATH=$(dirname "$cuobjdump"):$PATH
failures=0
checked=0
listed=
check() { # ARCHITECTURE UNIT INSTRUCTION
  if [ "$listed" != "$1" ]; then
    listing=$("$cuobjdump" -sass -arch "$1" "$fatbin" 2>/dev/null) || listing=
    listed=$1
  fi
  while read -r kernel issued; do
    checked=$((checked + 1))
    if [ "$issued" = 0 ]; then
      echo "$kernel for $1 issues no $3" >&2
      failures=$((failures + 1))
    fi
  done < <(awk -v unit="^octet_$2_" -v instruction="$3" '
    function report() { if (kernel ~ unit) { print kernel, issued + 0 } }
    /Function : / { report(); kernel = $NF; issued = 0 }
    index($0, instruction) { issued++ }
    END { report() }' <<<"$listing")
}
check sm_75 i8816 IMMA.8816
check sm_80 i16832 IMMA.16832
check sm_80 h16816 HMMA.16816
for columns in 64 128 256; do
  check sm_90a "igmma64x${columns}x32" "IGMMA.64x${columns}x32"
done
[ "$checked" -gt 0 ] || skip "because $cuobjdump finds no tensor-core kernels it can read"
echo "CUDA instructions: $checked kernels checked, $failures without their instruction"
[ "$failures" = 0 ]
