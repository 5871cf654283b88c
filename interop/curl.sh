#!/usr/bin/env bash
# curl delivers mail to `assay serve`, over the upgrade and over implicit TLS, with AUTH, the chain and the
# name verified; told to trust another root, it refuses.
#
# usage: interop/curl.sh ASSAY [SERVE-OPTION...]
#
# Exit: 0 as expected, 1 not, 77 skipped.
set -euo pipefail
# shellcheck source=interop/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=interop/serving.sh
. "$(dirname "$0")/serving.sh"
if (($# < 1)); then echo "usage: interop/curl.sh ASSAY [SERVE-OPTION...]" >&2; exit 2; fi
need curl openssl
curl --version | grep -q '^Protocols:.* smtps' || skip "this curl has no smtps"
begin_client_test "$@"

# A line that begins with a dot, and one that is nothing but a dot, must survive.
printf '%s\r\n' "From: <curl@example.test>" "To: <$sink>" "Subject: interop" "" "A line." ".a dotted line" "." "The end." \
  >"$dir/message"
# The password goes by a file: a command line is for everybody to see.
(umask 077 && printf 'user = "%s:%s"\n' "$user" "$password" >"$dir/curlrc")

deliver() { # CA URL OPTION...
  curl -q --config "$dir/curlrc" --silent --show-error --verbose --max-time 20 --noproxy '*' --cacert "$1" \
    --mail-from curl@example.test --mail-rcpt "$sink" --upload-file "$dir/message" "${@:2}"
}

expect upgrade 0 deliver "$ca" "smtp://127.0.0.1:$upgrade_port/client.test" --ssl-reqd
expect implicit 0 deliver "$ca" "smtps://127.0.0.1:$implicit_port/client.test"
for version in 1.2 1.3; do
  expect "upgrade_tls$version" 0 deliver "$ca" "smtp://127.0.0.1:$upgrade_port/client.test" --ssl-reqd \
    --tlsv$version --tls-max $version
  expect "implicit_tls$version" 0 deliver "$ca" "smtps://127.0.0.1:$implicit_port/client.test" \
    --tlsv$version --tls-max $version
done
# 60 is CURLE_PEER_FAILED_VERIFICATION.
wrong=$dir/strangers/other_ca.pem
expect upgrade_with_another_root 60 deliver "$wrong" "smtp://127.0.0.1:$upgrade_port/client.test" --ssl-reqd
expect implicit_with_another_root 60 deliver "$wrong" "smtps://127.0.0.1:$implicit_port/client.test"
# 67 is CURLE_LOGIN_DENIED.
(umask 077 && printf 'user = "%s:%s"\n' "$user" "not-$password" >"$dir/curlrc")
expect wrong_password 67 deliver "$ca" "smtps://127.0.0.1:$implicit_port/client.test"
end_client_test
