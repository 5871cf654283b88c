#!/usr/bin/env bash
# Mail that curl delivered by SMTP is fetched by POP3, over the upgrade and over implicit TLS, and
# ldapsearch finds an entry, both ways, too; the chain and the name are verified. Told to trust another root,
# each client refuses.
#
# usage: interop/fetch.sh ASSAY [SERVE-OPTION...]
#
# Exit: 0 as expected, 1 not, 77 skipped.
set -euo pipefail
# shellcheck source=interop/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=interop/serving.sh
. "$(dirname "$0")/serving.sh"
if (($# < 1)); then echo "usage: interop/fetch.sh ASSAY [SERVE-OPTION...]" >&2; exit 2; fi
need openssl ldapsearch
need_mail_curl
begin_client_test "$@"

# A line that begins with a dot, and one that is nothing but a dot, must come back as they went.
printf '%s\r\n' "From: <curl@example.test>" "To: <$sink>" "Subject: interop" "" "A line." ".a dotted line" "." "The end." \
  >"$dir/message"
(umask 077 && printf 'user = "%s:%s"\n' "$user" "$password" >"$dir/curlrc")

call() { # CA URL OPTION...
  curl -q --config "$dir/curlrc" --silent --show-error --max-time 20 --noproxy '*' --cacert "$1" --url "$2" "${@:3}"
}
# The trace header stands in front of what was sent.
fetched() { # CA URL OPTION...
  call "$@" >"$dir/fetched" && tail -c "$(stat -c %s "$dir/message")" "$dir/fetched" | cmp - "$dir/message"
}

expect deliver 0 call "$ca" "smtps://127.0.0.1:$implicit_port/client.test" \
  --mail-from curl@example.test --mail-rcpt "$sink" --upload-file "$dir/message"
expect pop3_upgrade 0 fetched "$ca" "pop3://127.0.0.1:$(port pop3)/1" --ssl-reqd
expect pop3_implicit 0 fetched "$ca" "pop3s://127.0.0.1:$(port pop3s)/1"
for version in 1.2 1.3; do
  expect "pop3_tls$version" 0 fetched "$ca" "pop3://127.0.0.1:$(port pop3)/1" --ssl-reqd --tlsv$version --tls-max $version
done
# 60 is CURLE_PEER_FAILED_VERIFICATION, 67 CURLE_LOGIN_DENIED.
wrong=$dir/strangers/other_ca.pem
expect pop3_upgrade_with_another_root 60 call "$wrong" "pop3://127.0.0.1:$(port pop3)/1" --ssl-reqd
expect pop3_implicit_with_another_root 60 call "$wrong" "pop3s://127.0.0.1:$(port pop3s)/1"
(umask 077 && printf 'user = "%s:%s"\n' "$user" "not-$password" >"$dir/curlrc")
expect pop3_wrong_password 67 call "$ca" "pop3s://127.0.0.1:$(port pop3s)/1"

printf %s "$password" >"$dir/password"
(umask 077 && printf 'not-%s' "$password" >"$dir/wrong_password")
person="uid=$user,ou=people,dc=assay,dc=test"
# By address: told "localhost", libldap checks the certificate for the name of the machine.
finds() { # CA SCHEME PASSWORD-FILE OPTION...
  LDAPTLS_CACERT=$1 LDAPTLS_REQCERT=demand timeout 20 ldapsearch -LLL -o nettimeout=10 -x \
    -H "$2://127.0.0.1:$(port "$2")" -D "$person" -y "$3" -b dc=assay,dc=test "${@:4}" "(uid=$user)" mail >"$dir/found" &&
    grep -qx "mail: $user@assay.test" "$dir/found"
}
expect ldap_upgrade 0 finds "$ca" ldap "$dir/password" -ZZ
expect ldap_implicit 0 finds "$ca" ldaps "$dir/password"
# 13 is confidentialityRequired, 49 invalidCredentials; ldapsearch says 1 or 255 when TLS fails.
expect ldap_in_the_clear 13 finds "$ca" ldap "$dir/password"
expect ldap_wrong_password 49 finds "$ca" ldaps "$dir/wrong_password"
expect ldap_upgrade_with_another_root 1 finds "$wrong" ldap "$dir/password" -ZZ
expect ldap_implicit_with_another_root 255 finds "$wrong" ldaps "$dir/password"
end_client_test
