#!/usr/bin/env bash
# openssl s_client and gnutls-cli come into `assay serve`, in all four protocols, over the upgrade and over
# implicit TLS, by TLS 1.2 and 1.3, with the chain and the name verified, and what they are given to send logs
# in. Told to trust another root, or to expect another name, each refuses.
#
# usage: interop/login.sh ASSAY [SERVE-OPTION...]
#
# Exit: 0 as expected, 1 not, 77 skipped.
set -euo pipefail
# shellcheck source=interop/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=interop/serving.sh
. "$(dirname "$0")/serving.sh"
# shellcheck source=interop/login_lines.sh
. "$(dirname "$0")/login_lines.sh"
if (($# < 1)); then echo "usage: interop/login.sh ASSAY [SERVE-OPTION...]" >&2; exit 2; fi
need openssl gnutls-cli
begin_client_test "$@"

(
  umask 077
  for protocol in smtp pop3 nntp ldap; do login_lines "$protocol" "$user" "$password" >"$dir/$protocol"; done
)

by_openssl() { # CA NAME PROTOCOL SCHEME OPTION...
  local upgrade=()
  if [[ $3 == "$4" ]]; then upgrade=(-starttls "$3"); fi
  timeout 20 openssl s_client "${upgrade[@]}" -connect "127.0.0.1:$(port "$4")" -CAfile "$1" -verify_hostname "$2" \
    -verify_return_error -quiet "${@:5}" <"$dir/$3" >"$dir/answers"
}
by_gnutls() { # CA NAME PROTOCOL SCHEME OPTION...
  local upgrade=()
  if [[ $3 == "$4" ]]; then upgrade=(--starttls-proto="$3"); fi
  timeout 20 gnutls-cli "${upgrade[@]}" --port "$(port "$4")" --x509cafile "$1" --verify-hostname "$2" \
    --logfile "$dir/gnutls.log" "${@:5}" 127.0.0.1 <"$dir/$3" >"$dir/answers"
}
logs_in() { "$@" && tells_of_login "$4" <"$dir/answers"; }

wrong=$dir/strangers/other_ca.pem
declare -A options=(
  [openssl_tls12]=-tls1_2
  [openssl_tls13]=-tls1_3
  [gnutls_tls12]=--priority=NORMAL:-VERS-ALL:+VERS-TLS1.2
  [gnutls_tls13]=--priority=NORMAL:-VERS-ALL:+VERS-TLS1.3
)
for client in openssl gnutls; do
  for protocol in smtp pop3 nntp ldap; do
    for scheme in "$protocol" "${protocol}s"; do
      for version in tls12 tls13; do
        expect "${client}_${scheme}_$version" 0 logs_in "by_$client" "$ca" localhost "$protocol" "$scheme" \
          "${options[${client}_$version]}"
      done
      expect "${client}_${scheme}_with_another_root" 1 "by_$client" "$wrong" localhost "$protocol" "$scheme"
      expect "${client}_${scheme}_with_another_name" 1 "by_$client" "$ca" elsewhere.test "$protocol" "$scheme"
    done
  done
done
end_client_test
