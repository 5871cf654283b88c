#!/usr/bin/env bash
# `assay check` against a real server, both ways to TLS: nothing may come out that the server's baseline does
# not expect, and three runs with one seed must tell the same, however many checks are in flight.
#
# usage: interop/server_check.sh postfix|dovecot|submission|slapd|inn ASSAY [OUT]
#
# The server is brought up by its own script (submission by dovecot's), beside which its baseline lies. The runs stay in OUT/run1 to
# OUT/run3 (default: they go with the server). Exit: 0 as expected, 1 not, 77 skipped.
set -euo pipefail
# shellcheck source=interop/lib.sh
. "$(dirname "$0")/lib.sh"
usage() { echo "usage: interop/server_check.sh postfix|dovecot|submission|slapd|inn ASSAY [OUT]" >&2; exit 2; }
if (($# < 2 || $# > 3)); then usage; fi
server=$1
assay=$2
program=$server # whose script brings it up
served=.        # which of its endpoints
options=()
case $server in
  postfix) programs=(/usr/lib/postfix/sbin/master /usr/sbin/dovecot) ;;
  dovecot)
    programs=(/usr/sbin/dovecot /usr/lib/dovecot/pop3 /usr/lib/dovecot/submission)
    served=pop3
    ;;
  submission)
    program=dovecot
    programs=(/usr/sbin/dovecot /usr/lib/dovecot/pop3 /usr/lib/dovecot/submission)
    served=submission
    # The first differs from run to run: a client that has gone is held, or not. The second is run by hand.
    options=(--skip integrity.close.answers_close_notify --skip negotiation.alpn.http_request)
    ;;
  slapd)
    programs=(/usr/sbin/slapd)
    # Its threads race for what stands behind the request: runs need not agree, so these are run by hand.
    options=(--skip 'integrity.injection.*' --skip negotiation.upgrade.ldap_outstanding_ops)
    ;;
  inn)
    programs=(/var/cache/assay/inn2/usr/lib/news/bin/nnrpd)
    options=(--skip negotiation.alpn.http_request) # run by hand
    ;;
  *) usage ;;
esac
if [[ $server != slapd ]] && ((EUID != 0)); then skip "$server needs root"; fi
need openssl
for needed in "${programs[@]}"; do
  if [[ ! -x $needed ]]; then skip "$needed is not there (scripts/deps interop brings it)"; fi
done

dir=$(mktemp -d /tmp/assay-XXXXXX) # short, and within reach of the server's users
out=${3:-$dir/out}
trap '"$interop/$program.sh" stop "$dir" || true; rm -rf "$dir"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
"$interop/$program.sh" start "$dir"
mapfile -t endpoints < <(sed -n "s/^endpoint \($served.*\)/\1/p" "$dir/endpoints")
mkdir -p "$out"

run=0 # three runs, each cut off well before CTest would cut off us and leave the servers behind
for jobs in 16 1 4; do
  run=$((run + 1))
  rm -rf "$out/run$run"
  code=0
  timeout -k 5 85 "$assay" check "${endpoints[@]}" --account "$dir/account.toml" --ca "$dir/pki/ca.pem" \
    --baseline "$interop/$server.baseline.toml" --seed 1 --jobs "$jobs" --stable --out "$out/run$run" "${options[@]}" \
    >"$dir/run$run.txt" 2>"$dir/run$run.err" </dev/null || code=$?
  if ((code != 0)); then
    cat "$dir/run$run.err" "$dir/run$run.txt"
    show_log "$program"
    fail "run $run (--jobs $jobs) ended with $code"
  fi
  [[ -s $out/run$run/run.json ]] || fail "run $run left no run.json"
done

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
cat "$dir/run1.txt"
printf 'three runs agree\n'
