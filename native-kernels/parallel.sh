# Sourced by the build scripts: background jobs, two at a time.
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
