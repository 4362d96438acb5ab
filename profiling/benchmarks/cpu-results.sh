#!/usr/bin/env bash
# Measures models on the CPU in turns with ONNX Runtime: cpu-results.sh [--seconds S] [--threads N,...] FOLDER [NAME...]
#
# FOLDER holds for each model, as far as it is there:
#   NAME.onnx          the float model
#   NAME.octet.onnx    Octet's Q/DQ file; ONNX Runtime is measured with it too
#   NAME.ort*.onnx     what ONNX Runtime's own quantizer made; its fastest file counts
#   NAME.options       a line of `octet bench` options for each measurement, such as --batch 32; without it --batch 1
# NAMEs choose models; without them all. Every measurement goes to FOLDER/results/ as JSON and is not made again while that
# is there; the table goes to profiling/results/. About 15 seconds for an INT8 line of the table and 8 for a float one.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
octet=$here/../../java-host/bin/octet
seconds=2
threads=1,2
usage() {
  sed -n 's/^# \(Measures.*\)/\1/p' "${BASH_SOURCE[0]}" >&2
  exit 2
}
while [[ ${1:-} == --* ]]; do
  case $1 in
    --seconds) seconds=${2:?} ;;
    --threads) threads=${2:?} ;;
    *) usage ;;
  esac
  shift 2
done
[ $# -ge 1 ] || usage
folder=$(cd "$1" && pwd)
shift
mkdir -p "$folder/results"

measure() { # NAME FORM MODEL PEER_MODEL...: once for each line of options
  local name=$1 form=$2 model=$3 options result number=0 file peers=()
  shift 3
  for file in "$@"; do
    [ ! -e "$file" ] || peers+=(--peer-model "$file")
  done
  while read -r options; do
    number=$((number + 1))
    result=$folder/results/$name.$form.$number.json
    [ ! -s "$result" ] || continue
    echo "== $name $form $options" >&2
    # shellcheck disable=SC2086 # several options
    if "$octet" bench "$model" --device cpu --threads "$threads" --seconds "$seconds" --json $options \
      --against ort "${peers[@]}" >"$result.new" </dev/null; then
      mv "$result.new" "$result"
    else
      rm -f "$result.new"
      echo "   failed" >&2
    fi
  done < <(cat "$folder/$name.options" 2>/dev/null || echo "--batch 1")
}

[ $# -gt 0 ] || for file in "$folder"/*.octet.onnx "$folder"/*.onnx; do
  name=$(basename "$file")
  [[ $name == *.*.onnx && $name != *.octet.onnx ]] || set -- "$@" "${name%%.*}"
done
for name in $(printf '%s\n' "$@" | sort -u); do
  [ ! -e "$folder/$name.octet.onnx" ] || measure "$name" int8 "$folder/$name.octet.onnx" "$folder/$name".ort*.onnx
  [ ! -e "$folder/$name.onnx" ] || measure "$name" float "$folder/$name.onnx"
done

cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)
table=$here/../results/$(date +%F)-cpu-against-onnxruntime-$(tr -cs 'A-Za-z0-9' '-' <<<"${cpu:-$(uname -m)}" | sed 's/-*$//').md
class_path=$here/target/classes$(printf ':%s' "$here"/target/lib/*.jar)
# shellcheck source=../../java-host/bin/find-java.sh
. "$here/../../java-host/bin/find-java.sh"
"$(find_java)" --enable-native-access=ALL-UNNAMED -cp "$class_path" dev.octet.bench.cpu.ResultsTable "$folder/results" \
  "$(git -C "$here" rev-parse --short HEAD 2>/dev/null || echo unknown)" >"$table.new"
mv "$table.new" "$table"
echo "$table"
