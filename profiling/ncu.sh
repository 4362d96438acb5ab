#!/bin/sh
# Counts what tensor cores and memory did with Nsight Compute: ncu.sh OUT COMMAND [ARGUMENTS] writes OUT.csv, which
# "octet profile" reads. From 9.0 on warp-group instructions have a counter of their own; set NCU_GMMA=1 there.
set -eu
[ $# -ge 2 ] || { echo "usage: ncu.sh OUT COMMAND [ARGUMENTS]" >&2; exit 2; }
command -v ncu >/dev/null || { echo "ncu.sh: ncu is not on the PATH; install Nsight Compute" >&2; exit 4; }
out=$1
shift
metrics=gpu__time_duration.sum,dram__bytes_read.sum,dram__bytes_write.sum
metrics=$metrics,dram__throughput.avg.pct_of_peak_sustained_elapsed
metrics=$metrics,sm__inst_executed_pipe_tensor_op_imma.sum,sm__inst_executed_pipe_tensor_op_hmma.sum
[ -z "${NCU_GMMA:-}" ] || metrics=$metrics,sm__inst_executed_pipe_tensor_op_gmma.sum
ncu --csv --page raw --metrics "$metrics" --log-file "$out.csv" "$@"
