# shellcheck shell=bash
# What the scripts of this folder share: where the tree is, how they speak, how they print their help.
# Sourced, never run. A script sets nothing before it but `set -euo pipefail`.

# shellcheck disable=SC2034  # for those who source this
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '== %s\n' "$*" >&2; }
die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }
usage_error() { printf '%s: %s (--help tells more)\n' "${0##*/}" "$*" >&2; exit 2; }

# The help of a script is the comment at its head, so that the two cannot part.
print_help() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; }

# help_wanted ARGS... : is -h or --help among them?
help_wanted() {
  local word
  for word; do case $word in -h | --help) return 0 ;; esac; done
  return 1
}

# nearest WORD CANDIDATE... : the candidate with the smallest edit distance, if that is at most 3 and
# at most half the length of the word.
nearest() {
  local word=$1 best='' least=4 candidate i j cost
  local -a row next
  shift
  if ((${#word} / 2 + 1 < least)); then least=$((${#word} / 2 + 1)); fi
  for candidate; do
    row=()
    for ((j = 0; j <= ${#candidate}; j++)); do row[j]=$j; done
    for ((i = 1; i <= ${#word}; i++)); do
      next=("$i")
      for ((j = 1; j <= ${#candidate}; j++)); do
        cost=${row[j - 1]}
        if [[ ${word:i-1:1} != "${candidate:j-1:1}" ]]; then cost=$((cost + 1)); fi
        if ((row[j] + 1 < cost)); then cost=$((row[j] + 1)); fi
        if ((next[j - 1] + 1 < cost)); then cost=$((next[j - 1] + 1)); fi
        next[j]=$cost
      done
      row=("${next[@]}")
    done
    if ((row[${#candidate}] < least)); then least=${row[${#candidate}]} best=$candidate; fi
  done
  printf '%s' "$best"
}
