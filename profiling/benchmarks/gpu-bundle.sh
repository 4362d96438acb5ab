#!/usr/bin/env bash
# Packs all that a bare GPU machine needs to test and measure Octet into one archive of at most 56 MiB, which leaves room
# for a checkout beside it where 64 MiB may be carried:
#   gpu-bundle.sh [--no-build] OUTPUT.tar.xz MODEL.onnx...
# There: tar xf OUTPUT.tar.xz && octet-gpu/gpu-run.sh RESULTS_FOLDER. Needs a JDK 25 and Maven here; there CUDA's driver, and
# for the comparisons cuBLASLt and PyTorch. --no-build packs what an earlier build left in the target folders. Tables of
# words are packed cut to the rows that benchmarks read. Models whose names have mobilenet or minilm in them are compared
# with PyTorch's.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
limit=$((56 << 20))
build=yes
if [ "${1:-}" = --no-build ]; then
  build=
  shift
fi
[ $# -ge 2 ] || { echo "usage: gpu-bundle.sh [--no-build] OUTPUT.tar.xz MODEL.onnx..." >&2; exit 2; }
output=$(realpath -m "$1")
shift
jdk=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v javac || echo /usr/lib/jvm/none/bin/javac)")")")}
[ -x "$jdk/bin/jlink" ] || { echo "gpu-bundle: no JDK with jlink at $jdk; set JAVA_HOME" >&2; exit 2; }

if [ -n "$build" ]; then
  (cd "$root" && OCTET_CUDA_ARCHITECTURES=${OCTET_CUDA_ARCHITECTURES:-all} mvn -B -q -DskipTests -Dspotless.check.skip=true -pl profiling/benchmarks -am package </dev/null)
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bundle=$work/octet-gpu
mkdir -p "$bundle/lib" "$bundle/tests" "$bundle/models"

pack() { # JAR FOLDER...: the folders that exist
  local jar=$1 folder folders=()
  shift
  for folder in "$@"; do
    [ -d "$folder" ] && folders+=(-C "$folder" .)
  done
  [ ${#folders[@]} -gt 0 ] || { echo "gpu-bundle: $jar has no classes; build first" >&2; exit 1; }
  "$jdk/bin/jar" --create --file "$jar" "${folders[@]}"
}
pack "$bundle/lib/octet.jar" "$root/java-host/target/classes"
pack "$bundle/lib/octet-native-kernels.jar" "$root/native-kernels/target/classes"
pack "$bundle/lib/octet-analysis.jar" "$root/profiling/analysis/target/classes"
pack "$bundle/lib/octet-benchmarks.jar" "$root/profiling/benchmarks/target/classes"
pack "$bundle/tests/octet-tests.jar" "$root/java-host/target/test-classes"
"$jdk/bin/jar" --list --file "$bundle/lib/octet-native-kernels.jar" | grep -q '^native/cuda/octet_kernels.fatbin$' ||
  { echo "gpu-bundle: this build has no CUDA kernels; nvcc is needed" >&2; exit 1; }

# Run-time dependencies; ONNX Runtime, SQLite and JCuda's compiler of PTX measure nothing on a GPU and are large.
for jar in "$root"/profiling/benchmarks/target/lib/*.jar; do
  case "$(basename "$jar")" in
    octet-* | onnxruntime-* | sqlite-jdbc-* | jcudnn-natives-*) ;;
    jcuda-natives-*)
      mkdir "$work/natives"
      (cd "$work/natives" && "$jdk/bin/jar" --extract --file "$jar" && rm -f lib/libJNv*)
      "$jdk/bin/jar" --create --file "$bundle/lib/$(basename "$jar")" -C "$work/natives" .
      ;;
    *) cp "$jar" "$bundle/lib/" ;;
  esac
done

repository=${MAVEN_REPOSITORY:-$HOME/.m2/repository}
of_repository() { # GROUP_FOLDER ARTIFACT VERSION [CLASSIFIER]
  echo "$repository/$1/$2/$3/$2-$3${4:+-$4}.jar"
}
property() { # NAME: of the parent pom
  sed -n "s:.*<$1>\(.*\)</$1>.*:\1:p" "$root/pom.xml" | head -1
}
jupiter=$(property junit.version)
platform=1.${jupiter#*.}
bytebuddy=$(ls "$repository"/net/bytebuddy/byte-buddy/*/byte-buddy-*[0-9].jar 2>/dev/null | sort -V | tail -1)
for jar in "$(of_repository org/junit/platform junit-platform-console-standalone "$platform")" \
  "$(of_repository org/assertj assertj-core "$(property assertj.version)")" \
  "$bytebuddy" \
  "$(of_repository org/jspecify jspecify "$(property jspecify.version)")"; do
  [ -f "$jar" ] || { echo "gpu-bundle: $jar is missing; mvn dependency:get fetches it" >&2; exit 1; }
  cp "$jar" "$bundle/tests/"
done

modules=$("$jdk/bin/jdeps" --multi-release 25 --ignore-missing-deps --print-module-deps \
  -cp "$bundle/lib/*:$bundle/tests/*" "$bundle/lib/octet.jar" "$bundle/lib/octet-benchmarks.jar" "$bundle"/lib/jcuda-[0-9]*.jar)
# Images are read by no benchmark, and what draws and reads them is a fifth of the archive.
modules=$(tr , '\n' <<<"$modules" | grep -vx -e java.desktop -e java.se -e jdk.unsupported.desktop | paste -sd,)
# What libraries look up by name.
"$jdk/bin/jlink" --add-modules "$modules,java.management,java.logging,jdk.unsupported,jdk.zipfs" --strip-debug \
  --no-header-files --no-man-pages --output "$bundle/runtime"

cp "$here/gpu-run.sh" "$here/gpu_peers.py" "$bundle/"
for model in "$@"; do
  "$jdk/bin/java" --enable-native-access=ALL-UNNAMED -cp "$bundle/lib/*" dev.octet.bench.gpu.BundledModel \
    "$model" "$bundle/models/$(basename "$model")"
done
(cd "$root" && git rev-parse HEAD 2>/dev/null || echo unknown) >"$bundle/VERSION"
mkdir -p "$(dirname "$output")"
tar -C "$work" -cf - octet-gpu | xz -T0 -6 >"$output.new"
size=$(stat -c %s "$output.new")
if [ "$size" -ge "$limit" ]; then
  rm "$output.new"
  echo "gpu-bundle: $size bytes are over the limit of $limit; give it fewer or smaller models" >&2
  exit 1
fi
mv "$output.new" "$output"
echo "$output: $size bytes"
