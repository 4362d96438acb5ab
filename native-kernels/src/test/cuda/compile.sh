# Sourced by build-simulator.sh and test-simulator.sh: incremental, parallel compilation with g++'s flags in $flags and
# those of kernels in $checked. Nothing is compiled again but what changed.
. ./parallel.sh
stale() { # OBJECT: whether a file that it was made of is newer, by the compiler's own list
  [ -f "$1" ] && [ -f "$1.d" ] || return 0
  local input
  for input in $(sed -e 's/^[^:]*://' -e 's/\\$//' "$1.d") src/test/cuda/flags.sh; do
    [ "$input" -nt "$1" ] && return 0
  done
  return 1
}
compile() { # SOURCE OBJECT FLAGS...
  if stale "$2"; then
    "$compiler" "${flags[@]}" "${@:3}" -MD -MF "$2.d" -c "$1" -o "$2.new"
    mv "$2.new" "$2"
  fi
}
# Kernels' names and launch bounds, from the preprocessed text: NAME BOUND, a line each.
kernels_of() { # SOURCE FLAGS...
  "$compiler" "${flags[@]}" "${@:2}" -DOCTET_SIMULATOR_SCAN -E -P "$1" | tr '\n' ' ' |
    { grep -oE 'extern "C" +[^;{}]*__global__[^;{}]*\{' || true; } |
    sed -nE 's/^[^(]*__launch_bounds__ *\( *([0-9]+)[^)]*\)/\1 /; s/.*__global__//; p' |
    sed -nE 's/^( *void)? *([0-9]+)?( *void)? *([A-Za-z0-9_]+) *\(.*/\4 \2/p'
}
compile_kernels() { # SOURCE OBJECTS: SOURCE and the registration of its kernels, as one unit
  local unit object name bounds
  object=$2/kernels-$(basename "$1" .cu).o
  unit=$2/kernels-$(basename "$1" .cu).cpp
  if stale "$object"; then
    {
      echo "#include \"$PWD/$1\""
      echo "#include \"$PWD/src/test/cuda/runtime/register.h\""
      kernels_of "$1" "${checked[@]}" | while read -r name bounds; do
        echo "OCTET_REGISTER($name, ${bounds:-0})"
      done
    } >"$unit"
    compile "$unit" "$object" "${checked[@]}"
  fi
}
link() { # LIBRARY SONAME OBJECTS FLAGS...
  local object
  for object in "$3"/*.o; do
    if [ "$object" -nt "$1" ]; then
      "$compiler" -shared -Wl,-soname,"$2" -Wl,-z,noexecstack -Wl,--no-undefined -o "$1.new" "$3"/*.o "${@:4}" -lpthread
      mv "$1.new" "$1"
      return
    fi
  done
}
