#!/usr/bin/env bash
# One TLS stack on loopback that serves no protocol of ours and sends back what it is sent: a subject for
# tls:// and the rows of TLS itself. Certificates and logs all under DIR.
#
# usage: interop/stacks.sh start DIR s_server|gnutls-serv|botan|wolfssl|mbedtls | stop DIR
#
# `start` prints, and writes to DIR/endpoints:
#
#   endpoint tls://127.0.0.1:PORT?name=localhost
#   ca DIR/pki/ca.pem                               what to trust
set -euo pipefail
# shellcheck source=interop/lib.sh
. "$(dirname "$0")/lib.sh"

usage() { echo "usage: interop/stacks.sh start DIR s_server|gnutls-serv|botan|wolfssl|mbedtls | stop DIR" >&2; exit 2; }
if (($# < 2)); then usage; fi
dir=$(realpath -m "$2")
case $1 in
  stop) land stack; exit ;;
  start) if (($# != 3)); then usage; fi ;;
  *) usage ;;
esac
stack=$3

mkdir -p "$dir"
"$interop/pki.sh" "$dir/pki" >/dev/null
chain=$dir/pki/chain.pem
key=$dir/pki/key.pem
openssl pkcs8 -topk8 -nocrypt -in "$dir/pki/server.pem" -out "$key" # the form that all of them read
tls_port=
hand_out_port tls_port

compiled() { # NAME LIBRARY... : interop/stacks/NAME.c
  local name=$1
  shift
  "${CC:-cc}" -O1 -o "$dir/$name" "$interop/stacks/$name.c" "$@"
}

case $stack in
  # One connection at a time; each line comes back the other way round.
  s_server) launch stack openssl s_server -accept "127.0.0.1:$tls_port" -cert_chain "$chain" -cert "$chain" -key "$key" -rev -quiet ;;
  gnutls-serv) launch stack gnutls-serv --echo --quiet --port "$tls_port" --x509certfile "$chain" --x509keyfile "$key" ;;
  botan) launch stack botan tls_server "$chain" "$key" --port="$tls_port" ;;
  wolfssl)
    compiled wolfssl_server -lwolfssl
    launch stack "$dir/wolfssl_server" "$tls_port" "$chain" "$key"
    ;;
  mbedtls)
    compiled mbedtls_server -lmbedtls -lmbedx509 -lmbedcrypto
    launch stack "$dir/mbedtls_server" "$tls_port" "$chain" "$key"
    ;;
  *) usage ;;
esac
wait_until stack "its port" port_open "$tls_port"
printf 'endpoint tls://127.0.0.1:%s?name=localhost\nca %s\n' "$tls_port" "$dir/pki/ca.pem" | tee "$dir/endpoints"
