#!/usr/bin/env bash
# Checks what ptxas -v said of each kernel against register-budgets.txt: check-registers.sh PTXAS_LOG. The first line whose
# pattern fits a kernel's name is its budget. A kernel that spills registers to memory, or has no budget, fails as well.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
awk '
  FNR == NR { if (NF == 2 && $1 !~ /^#/) { patterns[++count] = $1; budgets[count] = $2 } next }
  /Compiling entry function/ {
    split($0, quoted, "\047"); kernel = quoted[2]; target = quoted[4]
    budget = ""
    for (i = 1; i <= count && budget == ""; i++) { if (kernel ~ "^(" patterns[i] ")$") { budget = budgets[i] } }
    if (budget == "") { print kernel ": no line of register-budgets.txt fits it"; bad = 1 }
    kernels++
  }
  /bytes spill stores/ {
    if ($0 !~ / 0 bytes spill stores, 0 bytes spill loads/) { print kernel " for " target ": " $0; bad = 1 }
  }
  /Used [0-9]+ registers/ {
    match($0, /Used [0-9]+/); used = substr($0, RSTART + 5, RLENGTH - 5) + 0
    if (budget != "" && used > budget + 0) {
      print kernel " for " target ": " used " registers, its budget is " budget; bad = 1
    }
  }
  END { if (kernels == 0) { print "no kernels in the log of ptxas"; bad = 1 } exit bad }
' register-budgets.txt "${1:?usage: check-registers.sh PTXAS_LOG}" >&2
