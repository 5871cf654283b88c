#!/usr/bin/env bash
# `assay check tls://...` against a TLS stack: the rows of TLS itself. Nothing may come out that the stack's
# baseline does not expect, and RUNS (1 to 3; else 3) runs with one seed must tell the same, however many cases are
# in flight.
#
# usage: interop/stacks_check.sh s_server|gnutls-serv|botan|wolfssl|mbedtls ASSAY [OUT [RUNS]]
#
# Exit: 0 as expected, 1 not, 77 skipped.
set -euo pipefail
# shellcheck source=interop/lib.sh
. "$(dirname "$0")/lib.sh"
usage() { echo "usage: interop/stacks_check.sh s_server|gnutls-serv|botan|wolfssl|mbedtls ASSAY [OUT [RUNS]]" >&2; exit 2; }
if (($# < 2 || $# > 4)); then usage; fi
stack=$1
assay=$2
need openssl
case $stack in
  s_server) ;;
  gnutls-serv | botan) need "$stack" ;;
  wolfssl) [[ -e /usr/include/wolfssl/ssl.h ]] || skip "libwolfssl-dev is not installed (scripts/deps interop brings it)" ;;
  mbedtls) [[ -e /usr/include/mbedtls/ssl.h ]] || skip "libmbedtls-dev is not installed (scripts/deps interop brings it)" ;;
  *) usage ;;
esac

dir=$(mktemp -d /tmp/assay-XXXXXX)
out=${3:-$dir/out}
runs=${4:-3}
if [[ ! $runs =~ ^[1-3]$ ]]; then usage; fi
trap '"$interop/stacks.sh" stop "$dir" || true; rm -rf "$dir"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
"$interop/stacks.sh" start "$dir" "$stack"
endpoint=$(sed -n 's/^endpoint //p' "$dir/endpoints")
mkdir -p "$out"

all_jobs=(16 1 4)
for ((run = 1; run <= runs; run++)); do
  jobs=${all_jobs[run - 1]}
  rm -rf "$out/run$run"
  code=0
  timeout -k 5 85 "$assay" check "$endpoint" --ca "$dir/pki/ca.pem" --baseline "$interop/stacks/$stack.baseline.toml" \
    --seed 1 --jobs "$jobs" --stable --out "$out/run$run" >"$dir/run$run.txt" 2>"$dir/run$run.err" </dev/null || code=$?
  if ((code != 0)); then
    cat "$dir/run$run.err" "$dir/run$run.txt"
    show_log stack
    fail "run $run (--jobs $jobs) ended with $code"
  fi
done
cat "$dir/run1.txt"
for ((other = 2; other <= runs; other++)); do
  if ! cmp -s "$out/run1/run.json" "$out/run$other/run.json"; then
    diff -u "$out/run1/run.json" "$out/run$other/run.json" | head -n 60
    fail "runs 1 and $other differ: the seed was the same, so they must not"
  fi
done
printf '%d runs agree\n' "$runs"
