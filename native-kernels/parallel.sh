# Sourced by the build scripts: background jobs, two at a time, and the objects of sources that are gone.
jobs_failed=0
throttle() { # until fewer than two run
  while [ "$(jobs -rp | wc -l)" -ge 2 ]; do
    wait -n || jobs_failed=1
  done
}
finish() { # WHAT: until all have ended; an error if one failed
  while [ -n "$(jobs -p)" ]; do
    wait -n || jobs_failed=1
  done
  [ "$jobs_failed" -eq 0 ] || { echo "$1: compilation failed"; exit 1; }
}
forget() { # OBJECTS PREFIX SOURCES SUFFIX LIBRARY: what was made of sources that are gone, and the library it is in
  local object name
  for object in "$1/$2"*.o; do
    name=$(basename "$object" .o)
    if [ -e "$object" ] && [ ! -e "$3/${name#"$2"}$4" ]; then
      rm -f "$object" "$5"
    fi
  done
}
