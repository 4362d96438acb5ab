#!/bin/sh
# Records a command with Nsight Systems and exports what "octet profile" reads: nsys.sh OUT COMMAND [ARGUMENTS]
# writes OUT.nsys-rep and OUT.sqlite. CUDA and NVTX only: sampling of the CPU slows short kernels' launches.
set -eu
[ $# -ge 2 ] || { echo "usage: nsys.sh OUT COMMAND [ARGUMENTS]" >&2; exit 2; }
command -v nsys >/dev/null || { echo "nsys.sh: nsys is not on the PATH; install Nsight Systems" >&2; exit 4; }
out=$1
shift
nsys profile --trace=cuda,nvtx --sample=none --cpuctxsw=none --force-overwrite=true --output="$out" "$@"
nsys export --type=sqlite --force-overwrite=true --output="$out.sqlite" "$out.nsys-rep"
