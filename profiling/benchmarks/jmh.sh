#!/usr/bin/env bash
# Benchmarks the CPU kernels with JMH: jmh.sh [JMH OPTIONS], for example jmh.sh -p kernel='qgemm 1024x1024x1024' -f 1
# Fetches JMH once; the build needs none of it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
host=$here/../../java-host
# shellcheck source=../../java-host/bin/find-java.sh
. "$host/bin/find-java.sh"
"$host/bin/octet" help >/dev/null # builds what is not built yet
java=$(find_java)
lib=$here/target/jmh-lib
for artifact in org.openjdk.jmh:jmh-core:1.37 org.openjdk.jmh:jmh-generator-annprocess:1.37 \
  net.sf.jopt-simple:jopt-simple:5.0.4 org.apache.commons:commons-math3:3.6.1; do
  IFS=: read -r _ name version <<<"$artifact"
  [ -e "$lib/$name-$version.jar" ] || mvn -q -B dependency:copy "-Dartifact=$artifact" "-DoutputDirectory=$lib"
done
class_path=$here/target/classes$(printf ':%s' "$here"/target/lib/*.jar "$lib"/*.jar)
rm -rf "$here/target/jmh-classes"
mkdir -p "$here/target/jmh-classes"
find "$here/src/jmh/java" -name '*.java' -exec "$(dirname "$java")/javac" -nowarn -proc:full -cp "$class_path" \
  -d "$here/target/jmh-classes" {} +
exec "$java" -cp "$here/target/jmh-classes:$class_path" org.openjdk.jmh.Main \
  -jvmArgsAppend --enable-native-access=ALL-UNNAMED "$@"
