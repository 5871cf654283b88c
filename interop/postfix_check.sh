#!/usr/bin/env bash
# `assay check` against a real Postfix, both ways to TLS: nothing unexpected may come out, and three runs
# with one seed must tell the same, however many checks are in flight.
#
# usage: interop/postfix_check.sh ASSAY [OUT]
#
# The runs stay in OUT/run1 to OUT/run3 (default: they go with the server). Exit: 0 as expected, 1 not,
# 77 skipped.
set -euo pipefail
# shellcheck source=interop/lib.sh
. "$(dirname "$0")/lib.sh"
if (($# < 1 || $# > 2)); then echo "usage: interop/postfix_check.sh ASSAY [OUT]" >&2; exit 2; fi
if ((EUID != 0)); then skip "Postfix needs root"; fi
need openssl
if [[ ! -x /usr/lib/postfix/sbin/master ]]; then skip "postfix is not installed (scripts/deps interop brings it)"; fi
if [[ ! -x /usr/sbin/dovecot ]]; then skip "dovecot is not installed (scripts/deps interop brings it)"; fi

assay=$1
dir=$(mktemp -d /tmp/assay-XXXXXX) # short, and within reach of Postfix's users
out=${2:-$dir/out}
trap '"$interop/postfix.sh" stop "$dir" || true; rm -rf "$dir"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
"$interop/postfix.sh" start "$dir"
mapfile -t endpoints < <(sed -n 's/^endpoint //p' "$dir/endpoints")
mkdir -p "$out"

run=0 # three runs, each cut off well before CTest would cut off us and leave the servers behind
for jobs in 16 1 4; do
  run=$((run + 1))
  rm -rf "$out/run$run"
  code=0
  timeout -k 5 85 "$assay" check "${endpoints[@]}" --account "$dir/account.toml" --ca "$dir/pki/ca.pem" \
    --baseline "$interop/postfix.baseline.toml" --seed 1 --jobs "$jobs" --stable --out "$out/run$run" \
    >"$dir/run$run.txt" 2>"$dir/run$run.err" </dev/null || code=$?
  if ((code != 0)); then
    cat "$dir/run$run.err" "$dir/run$run.txt"
    show_log postfix
    fail "run $run (--jobs $jobs) ended with $code"
  fi
  [[ -s $out/run$run/run.json ]] || fail "run $run left no run.json"
done
cat "$dir/run1.txt"

for other in 2 3; do
  if ! cmp -s "$out/run1/run.json" "$out/run$other/run.json"; then
    diff -u "$out/run1/run.json" "$out/run$other/run.json" | head -n 60
    fail "runs 1 and $other differ: the seed was the same, so they must not"
  fi
done
# What assay was given it must not give away.
password=$(toml_value "$dir/account.toml" password)
if grep -rlF -e "$password" -e "$(printf '%s' "$password" | base64 -w 0)" \
  -e "$(printf '\0alice\0%s' "$password" | base64 -w 0)" "$out" "$dir"/run?.txt "$dir"/run?.err; then
  fail "the password stands in the files above"
fi
printf 'three runs agree\n'
