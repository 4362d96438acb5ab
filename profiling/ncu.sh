#!/bin/sh
# Counts what tensor cores and memory did with Nsight Compute: ncu.sh OUT COMMAND [ARGUMENTS] writes OUT.csv, which
# "octet profile" reads. NCU_RANGE=NAME counts only inside the NVTX range NAME, such as one node.
# Of the counters below it collects those that this machine's GPU has: the tensor pipe as a whole (all from 7.0 on), its
# kinds of instructions (hmma and imma up to 9.0 and, as subpipes, later; gmma on 9.0 for warp groups), the tensor-core
# unit of 10.0 (tc), and integer operations.
set -eu
[ $# -ge 2 ] || { echo "usage: ncu.sh OUT COMMAND [ARGUMENTS]" >&2; exit 2; }
command -v ncu >/dev/null || { echo "ncu.sh: ncu is not on the PATH; install Nsight Compute" >&2; exit 4; }
out=$1
shift
wanted="
gpu__time_duration.sum
dram__bytes_read.sum
dram__bytes_write.sum
dram__throughput.avg.pct_of_peak_sustained_elapsed
sm__pipe_tensor_cycles_active.avg.pct_of_peak_sustained_active
sm__inst_executed_pipe_tensor.sum
sm__inst_executed_pipe_tensor_op_hmma.sum
sm__inst_executed_pipe_tensor_op_imma.sum
sm__inst_executed_pipe_tensor_op_gmma.sum
sm__inst_executed_pipe_tensor_subpipe_hmma.sum
sm__inst_executed_pipe_tensor_subpipe_imma.sum
sm__pipe_tc_cycles_active.avg.pct_of_peak_sustained_active
sm__pipe_tensor_op_imma_cycles_active.avg.pct_of_peak_sustained_active
sm__ops_path_tensor_src_int8.sum
"
known=$(ncu --query-metrics) || { echo "ncu.sh: ncu cannot query this machine's GPU" >&2; exit 4; }
metrics=
for metric in $wanted; do
  if printf '%s\n' "$known" | grep -q "^${metric%%.*}[[:space:]]"; then
    metrics=${metrics:+$metrics,}$metric
  fi
done
[ -n "$metrics" ] || { echo "ncu.sh: this GPU has none of the counters (is it older than 7.0?)" >&2; exit 4; }
if [ -n "${NCU_RANGE:-}" ]; then
  # A slash ends the name of a range: those of the name itself are quoted.
  set -- --nvtx --nvtx-include "$(printf '%s' "$NCU_RANGE" | sed 's,/,\\/,g')/" "$@"
fi
ncu --csv --page raw --graph-profiling node --clock-control none --metrics "$metrics" --log-file "$out.csv" "$@"
