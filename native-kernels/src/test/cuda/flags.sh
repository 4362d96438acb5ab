# Sourced: the compiler, its flags, and those of kernels.
compiler=${CXX:-g++}
flags=(-std=c++17 -O2 -fPIC -fvisibility=hidden -ffp-contract=off -fwrapv -fno-fast-math -Wall -Wextra -Werror)
# The calls before each access are the simulator's own (runtime/checks.cpp). Nothing may merge or widen accesses first.
checked=(-x c++ -DOCTET_SIMULATOR -Isrc/test/cuda -Isrc/main/cuda -Wno-unknown-pragmas -Wno-unused-function
  -fsanitize=thread,bounds,integer-divide-by-zero --param tsan-instrument-func-entry-exit=0 -fno-tree-vectorize
  -fno-store-merging -fno-tree-loop-distribute-patterns -fno-strict-aliasing)
