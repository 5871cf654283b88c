#!/usr/bin/env bash
# Other people's clients log in to `assay serve --auth certificate` by SASL EXTERNAL: curl over SMTP and POP3,
# ldapsearch over LDAP, with the certificate that serve wrote. Without it, and with one of another root, they
# come into TLS and not in as anybody.
#
# usage: interop/certificate.sh ASSAY
#
# Exit: 0 as expected, 1 not, 77 skipped.
set -euo pipefail
# shellcheck source=interop/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=interop/serving.sh
. "$(dirname "$0")/serving.sh"
if (($# != 1)); then echo "usage: interop/certificate.sh ASSAY" >&2; exit 2; fi
need openssl ldapsearch
need_mail_curl
begin_client_test "$1" --auth certificate
account=$(json_string "$dir/ready.json" account)
certificate=$(toml_value "$account" client_cert)
key=$(toml_value "$account" client_key)
if [[ $(stat -c %a "$key") != 600 ]]; then fail "$key is open to others"; fi

printf '%s\r\n' "From: <curl@example.test>" "To: <$sink>" "Subject: interop" "" "A line." >"$dir/message"
# RFC 4422 App. A: the user is asked for by curl, the password is not sent.
printf 'user = "%s:"\n' "$user" >"$dir/curlrc"
# Somebody of another root, with the same name.
openssl req -x509 -newkey rsa:2048 -nodes -subj "/CN=$user" -days 1 -keyout "$dir/other.key" -out "$dir/other.pem" \
  2>"$dir/openssl.log"

call() { # CERTIFICATE KEY URL OPTION...
  local shown=()
  if [[ -n $1 ]]; then shown=(--cert "$1" --key "$2"); fi
  curl -q --config "$dir/curlrc" --silent --show-error --max-time 20 --noproxy '*' --cacert "$ca" "${shown[@]}" \
    --login-options AUTH=EXTERNAL --url "$3" "${@:4}"
}
deliver() { call "$@" --mail-from curl@example.test --mail-rcpt "$sink" --upload-file "$dir/message"; }

# 67 is CURLE_LOGIN_DENIED.
for version in 1.2 1.3; do
  tls=(--ssl-reqd "--tlsv$version" --tls-max "$version")
  expect "smtp_upgrade_tls$version" 0 deliver "$certificate" "$key" "smtp://127.0.0.1:$upgrade_port/client.test" "${tls[@]}"
  expect "smtp_implicit_tls$version" 0 deliver "$certificate" "$key" "smtps://127.0.0.1:$implicit_port/client.test" "${tls[@]}"
  expect "pop3_implicit_tls$version" 0 call "$certificate" "$key" "pop3s://127.0.0.1:$(port pop3s)/1" "${tls[@]}"
done
expect smtp_without_certificate 67 deliver "" "" "smtps://127.0.0.1:$implicit_port/client.test"
expect smtp_with_a_strangers_certificate 67 deliver "$dir/other.pem" "$dir/other.key" "smtps://127.0.0.1:$implicit_port/client.test"

if ! compgen -G "/usr/lib/*/libsasl2.so.2*" >/dev/null; then
  printf 'left out ldapsearch: libsasl2 is not installed\n'
  end_client_test
  exit
fi
finds() { # CERTIFICATE KEY SCHEME OPTION...
  LDAPTLS_CACERT=$ca LDAPTLS_REQCERT=demand LDAPTLS_CERT=$1 LDAPTLS_KEY=$2 timeout 20 ldapsearch -LLL -Q -o nettimeout=10 \
    -Y EXTERNAL -H "$3://127.0.0.1:$(port "$3")" -b dc=assay,dc=test "${@:4}" "(uid=$user)" mail >"$dir/found" &&
    grep -qx "mail: $user@assay.test" "$dir/found"
}
is_whom() { # CERTIFICATE KEY NAME
  [[ $(LDAPTLS_CACERT=$ca LDAPTLS_REQCERT=demand LDAPTLS_CERT=$1 LDAPTLS_KEY=$2 timeout 20 ldapwhoami -Q -Y EXTERNAL \
    -H "ldaps://127.0.0.1:$(port ldaps)") == "$3" ]]
}
expect ldap_upgrade 0 finds "$certificate" "$key" ldap -ZZ
expect ldap_implicit 0 finds "$certificate" "$key" ldaps
expect ldap_as_oneself 0 finds "$certificate" "$key" ldaps -X "u:$user"
expect ldap_whoami 0 is_whom "$certificate" "$key" "dn:uid=$user,ou=people,dc=assay,dc=test"
# 49 is invalidCredentials; 250 is libldap's LDAP_AUTH_UNKNOWN: what is not offered is not tried.
expect ldap_as_somebody_else 49 finds "$certificate" "$key" ldaps -X u:root
expect ldap_with_a_strangers_certificate 250 finds "$dir/other.pem" "$dir/other.key" ldaps
end_client_test
