#!/usr/bin/env bash
# swaks delivers mail to `assay serve`, over the upgrade and over implicit TLS, with AUTH and the chain
# verified; told to trust another root, it refuses.
#
# usage: interop/swaks.sh ASSAY
#
# Exit: 0 as expected, 1 not, 77 skipped.
set -euo pipefail
# shellcheck source=interop/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=interop/serving.sh
. "$(dirname "$0")/serving.sh"
if (($# != 1)); then echo "usage: interop/swaks.sh ASSAY" >&2; exit 2; fi
need swaks openssl
swaks --support 2>/dev/null | grep -q '^=== TLS supported' || skip "this swaks has no TLS (Net::SSLeay)"
begin_client_test "$1"

# The password goes by a file: a command line is for everybody to see.
(umask 077 && printf '%s\n' "--auth-user $user" "--auth-password $password" >"$dir/swaksrc")
(umask 077 && printf '%s\n' "--auth-user $user" "--auth-password not-$password" >"$dir/wrongrc")

deliver() { # RCFILE PORT CA OPTION...
  swaks --config "$1" --server 127.0.0.1 --port "$2" --tls-verify --tls-ca-path "$3" --timeout 20 --helo client.test \
    --from swaks@example.test --to "$sink" --body $'A line.\n.a dotted line\n.\nThe end.' --auth-hide-password "${@:4}"
}

rc=$dir/swaksrc
wrong=$dir/strangers/other_ca.pem
for mechanism in PLAIN LOGIN; do
  expect "upgrade_$mechanism" 0 deliver "$rc" "$upgrade_port" "$ca" --tls --auth "$mechanism"
  expect "implicit_$mechanism" 0 deliver "$rc" "$implicit_port" "$ca" --tls-on-connect --auth "$mechanism"
done
expect pipelined 0 deliver "$rc" "$upgrade_port" "$ca" --tls --auth PLAIN --pipeline
# 29: TLS was required and did not come about. 28: no AUTH succeeded.
expect upgrade_with_another_root 29 deliver "$rc" "$upgrade_port" "$wrong" --tls --auth PLAIN
expect implicit_with_another_root 29 deliver "$rc" "$implicit_port" "$wrong" --tls-on-connect --auth PLAIN
expect wrong_password 28 deliver "$dir/wrongrc" "$implicit_port" "$ca" --tls-on-connect --auth PLAIN
end_client_test
