# To be sourced: find_java prints the path of a JDK 25 or later, or nothing.
major_of() {
  "$1" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.specification\.version = \([0-9]*\).*/\1/p'
}

find_java() {
  local candidate major
  for candidate in "${JAVA_HOME:-}/bin/java" "$(command -v java || true)" \
    /usr/lib/jvm/*/bin/java /opt/*/bin/java "$HOME"/.sdkman/candidates/java/*/bin/java \
    "$HOME"/.jdks/*/bin/java /Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java; do
    [ -x "$candidate" ] || continue
    # The release file answers without starting a JVM.
    major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$(dirname "$candidate")/../release" 2>/dev/null || true)
    [ -n "$major" ] || major=$(major_of "$candidate")
    if [ "${major:-0}" -ge 25 ]; then
      echo "$candidate"
      return
    fi
  done
}
