#!/bin/sh
# Records a command with Nsight Systems and exports what "octet profile" reads: nsys.sh OUT COMMAND [ARGUMENTS]
# writes OUT.nsys-rep and OUT.sqlite. NSYS_RANGE=NAME records only while the NVTX range NAME is open, such as one node.
# CUDA and NVTX only: sampling of the CPU slows short kernels' launches. Kernels of CUDA graphs one by one: by default
# nsys records a graph as a whole, without its kernels.
set -eu
[ $# -ge 2 ] || { echo "usage: nsys.sh OUT COMMAND [ARGUMENTS]" >&2; exit 2; }
command -v nsys >/dev/null || { echo "nsys.sh: nsys is not on the PATH; install Nsight Systems" >&2; exit 4; }
out=$1
shift
if [ -n "${NSYS_RANGE:-}" ]; then
  # Names that were not registered beforehand, as Octet's, start a capture only with this setting.
  set -- --capture-range=nvtx "--nvtx-capture=$NSYS_RANGE@*" --capture-range-end=stop \
    --env-var=NSYS_NVTX_PROFILER_REGISTER_ONLY=0 "$@"
fi
nsys profile --trace=cuda,nvtx --cuda-graph-trace=node --sample=none --cpuctxsw=none --force-overwrite=true \
  --output="$out" "$@"
nsys export --type=sqlite --force-overwrite=true --output="$out.sqlite" "$out.nsys-rep"
