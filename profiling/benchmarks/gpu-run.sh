#!/usr/bin/env bash
# Tests and measures Octet on this machine's GPU: gpu-run.sh [--quick] [--only STEP,...] RESULTS_FOLDER
# Steps: doctor, tests, sanitizer, bench, models, peers. Each writes its JSON or log into the folder and the next one runs
# whatever became of it; the exit code is 1 if a step failed. --quick uses tiny sizes and only shows that everything runs.
# No step takes longer than OCTET_GPU_STEP_SECONDS (default 540). RESULTS_FOLDER.tar.gz holds it all in one file.
# Needs NVIDIA's driver alone; compute-sanitizer, cuBLASLt and PyTorch are used where they are found, also those of the
# Python that is first on the PATH.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
quick=
steps=doctor,tests,sanitizer,bench,models,peers
while [ $# -gt 1 ]; do
  case $1 in
    --quick) quick=--quick ;;
    --only)
      steps=$2
      shift
      ;;
    *) break ;;
  esac
  shift
done
[ $# -eq 1 ] || { echo "usage: gpu-run.sh [--quick] [--only STEP,...] RESULTS_FOLDER" >&2; exit 2; }
results=$1
mkdir -p "$results"
results=$(cd "$results" && pwd)
limit=${OCTET_GPU_STEP_SECONDS:-540}
export OCTET_NO_BUILD=1 CUDA_MODULE_LOADING=LAZY XDG_CACHE_HOME=$results/cache
# Octet looks for NVIDIA's libraries among the packages of an active environment: that of the PATH's Python is one.
if [ -z "${VIRTUAL_ENV:-}" ] && command -v python3 >/dev/null; then
  VIRTUAL_ENV=$(python3 -c 'import sys; print(sys.prefix)')
  export VIRTUAL_ENV
fi
java=("$here/runtime/bin/java" --enable-native-access=ALL-UNNAMED -Djava.awt.headless=true)
octet=("${java[@]}" -cp "$here/lib/*" dev.octet.cli.Main)
failed=()

# Steps may redirect their standard output; what is said to the user goes to the original one.
exec 3>&1

wanted() { [[ ",$steps," == *",$1,"* ]]; }
step() { # NAME COMMAND...: its standard error goes to a log
  local name=$1
  shift
  echo "== $name" >&3
  SECONDS=0
  if ! "$@" 2>"$results/$name.log"; then
    failed+=("$name")
    echo "   failed: $(tail -1 "$results/$name.log")" >&3
  fi
  echo "   $SECONDS s" >&3
}
bounded() { # COMMAND...: what is left of the step's time
  local left=$((limit - SECONDS))
  [ "$left" -gt 0 ] || { echo "no time left of the step's $limit s for: $*" >&2; return 124; }
  timeout -k 10 "$left" "$@"
}

tests() { # TOOL...: the suite for devices, perhaps under a tool
  # A missing device must fail here, not skip.
  bounded "$@" "${java[@]}" -Ddev.octet.require=simulator -cp "$here/tests/*:$here/lib/*" \
    org.junit.platform.console.ConsoleLauncher execute --disable-banner --disable-ansi-colors --details=summary \
    --include-tag cuda --scan-classpath "$here/tests/octet-tests.jar" \
    --reports-dir "$results/${reports:-tests}" >"$results/${reports:-tests}.txt"
}
sanitizer() {
  local tool candidate status=0
  tool=$(command -v compute-sanitizer || true)
  for candidate in "${CUDA_HOME:-/usr/local/cuda}"/bin/compute-sanitizer /usr/local/cuda*/bin/compute-sanitizer; do
    [ -n "$tool" ] || { [ -x "$candidate" ] && tool=$candidate; }
  done
  if [ -z "$tool" ]; then
    echo "compute-sanitizer is not on the PATH or in /usr/local/cuda*: skipped" >&2
    echo '{"skipped": "no compute-sanitizer"}' >"$results/sanitizer.json"
    return 0
  fi
  local check clean=()
  for check in memcheck racecheck; do
    if reports=sanitizer-$check tests "$tool" --tool "$check" --error-exitcode 9 --log-file "$results/$check.txt"; then
      clean+=("\"$check\": true")
    else
      clean+=("\"$check\": false")
      status=1
    fi
  done
  (IFS=,; echo "{${clean[*]}}") >"$results/sanitizer.json"
  return $status
}
models() {
  local model batch name options status=0
  for model in "$here"/models/*.onnx; do
    for batch in 1 32; do
      name=$(basename "$model" .onnx)
      [ -z "$quick" ] || [ "$batch" = 1 ] || batch=2
      read -ra options < <(sed "s/BATCH/$batch/g" "$model.args")
      bounded "${octet[@]}" bench "$model" --device cuda --batch "$batch" "${options[@]}" --json \
        ${quick:+--iterations 1} >"$results/model-$name-$batch.json" || status=1
    done
  done
  return $status
}

wanted doctor && step doctor bounded "${octet[@]}" doctor --json >"$results/doctor.json"
wanted tests && step tests tests
wanted sanitizer && step sanitizer sanitizer
wanted bench && step bench bounded "${java[@]}" -Xmx8g -cp "$here/lib/*" dev.octet.bench.gpu.GpuBench $quick "$results/gpu-bench.json"
wanted models && step models models
if wanted peers; then
  if command -v python3 >/dev/null; then
    step peers bounded python3 "$here/gpu_peers.py" $quick "$results"
  else
    echo "== peers: no python3, so nothing is compared with PyTorch"
  fi
fi
if grep -qs '"simulated" *: *true' "$results/gpu-bench.json"; then
  echo "All times here are those of a simulated device: none of them says anything about a GPU." | tee "$results/SIMULATED.txt"
fi
tar -C "$(dirname "$results")" --exclude cache -czf "$results.tar.gz" "$(basename "$results")"
if [ ${#failed[@]} -gt 0 ]; then
  echo "failed: ${failed[*]}; see the logs in $results"
  exit 1
fi
echo "done: $results.tar.gz"
