#!/usr/bin/env bash
# Other people's clients log in to `assay serve --auth challenge` without sending the password: curl by
# CRAM-MD5 (and by SCRAM-SHA-256, where it can), ldapsearch by both, in the clear and inside TLS. A wrong
# password is refused, and so is a password in the clear.
#
# usage: interop/challenge.sh ASSAY
#
# Exit: 0 as expected, 1 not, 77 skipped.
set -euo pipefail
# shellcheck source=interop/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=interop/serving.sh
. "$(dirname "$0")/serving.sh"
if (($# != 1)); then echo "usage: interop/challenge.sh ASSAY" >&2; exit 2; fi
need openssl ldapsearch
need_mail_curl
begin_client_test "$1" --auth challenge

printf '%s\r\n' "From: <curl@example.test>" "To: <$sink>" "Subject: interop" "" "A line." >"$dir/message"
(umask 077 && printf 'user = "%s:%s"\n' "$user" "$password" >"$dir/right" &&
  printf 'user = "%s:not-%s"\n' "$user" "$password" >"$dir/wrong")

call() { # CONFIG MECHANISM URL OPTION...
  curl -q --config "$dir/$1" --silent --show-error --max-time 20 --noproxy '*' --cacert "$ca" \
    --login-options "AUTH=$2" --url "$3" "${@:4}"
}
deliver() { call "$@" --mail-from curl@example.test --mail-rcpt "$sink" --upload-file "$dir/message"; }

# 67 is CURLE_LOGIN_DENIED.
smtp=smtp://127.0.0.1:$upgrade_port/client.test
smtps=smtps://127.0.0.1:$implicit_port/client.test
mechanisms=(CRAM-MD5)
# Where curl was built with GNU SASL it speaks SCRAM, too.
if curl --version | grep -q '^Features:.* gsasl'; then mechanisms+=(SCRAM-SHA-256); fi
for mechanism in "${mechanisms[@]}"; do
  expect "smtp_clear_$mechanism" 0 deliver right "$mechanism" "$smtp"
  expect "smtp_upgrade_$mechanism" 0 deliver right "$mechanism" "$smtp" --ssl-reqd
  expect "smtp_implicit_$mechanism" 0 deliver right "$mechanism" "$smtps"
  expect "smtp_clear_${mechanism}_wrong_password" 67 deliver wrong "$mechanism" "$smtp"
  expect "pop3_clear_$mechanism" 0 call right "$mechanism" "pop3://127.0.0.1:$(port pop3)/1"
  expect "pop3_implicit_$mechanism" 0 call right "$mechanism" "pop3s://127.0.0.1:$(port pop3s)/1"
  expect "pop3_clear_${mechanism}_wrong_password" 67 call wrong "$mechanism" "pop3://127.0.0.1:$(port pop3)/1"
done
expect smtp_clear_PLAIN 67 deliver right PLAIN "$smtp"
expect smtp_implicit_PLAIN 0 deliver right PLAIN "$smtps"

(umask 077 && printf %s "$password" >"$dir/password" && printf 'not-%s' "$password" >"$dir/wrong_password")
finds() { # MECHANISM SCHEME PASSWORD-FILE OPTION...
  LDAPTLS_CACERT=$ca LDAPTLS_REQCERT=demand timeout 20 ldapsearch -LLL -Q -o nettimeout=10 -Y "$1" -U "$user" \
    -H "$2://127.0.0.1:$(port "$2")" -y "$3" -b dc=assay,dc=test "${@:4}" "(uid=$user)" mail >"$dir/found" &&
    grep -qx "mail: $user@assay.test" "$dir/found"
}
has_plugin() { compgen -G "/usr/lib/*/sasl2/lib$1.so" >/dev/null; }
for pair in CRAM-MD5:crammd5 SCRAM-SHA-256:scram; do
  mechanism=${pair%:*}
  if ! has_plugin "${pair#*:}"; then
    printf 'left out ldapsearch by %s: its module is not installed\n' "$mechanism"
    continue
  fi
  expect "ldap_clear_$mechanism" 0 finds "$mechanism" ldap "$dir/password"
  expect "ldap_upgrade_$mechanism" 0 finds "$mechanism" ldap "$dir/password" -ZZ
  expect "ldap_implicit_$mechanism" 0 finds "$mechanism" ldaps "$dir/password"
  # 49 is invalidCredentials.
  expect "ldap_clear_${mechanism}_wrong_password" 49 finds "$mechanism" ldap "$dir/wrong_password"
done
end_client_test
