#!/usr/bin/env bash
# msmtp delivers mail to `assay serve`, mpop and fetchmail collect it by POP3, over the upgrade and over implicit
# TLS, with the chain and the name verified. Told to trust another root, each refuses; and a wrong password lets
# none of them in.
#
# usage: interop/mailbox.sh ASSAY
#
# Exit: 0 as expected, 1 not, 77 skipped.
set -euo pipefail
# shellcheck source=interop/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=interop/serving.sh
. "$(dirname "$0")/serving.sh"
if (($# != 1)); then echo "usage: interop/mailbox.sh ASSAY" >&2; exit 2; fi
need openssl msmtp mpop fetchmail
begin_client_test "$1"
umask 077 # configuration with a password in it, and mail
mkdir "$dir/home" "$dir/no_roots"
export HOME=$dir/home # nothing of whoever runs this is read

# A line that begins with a dot, and one that is nothing but a dot, must come back as they went.
printf '%s\n' "From: <msmtp@example.test>" "To: <$sink>" "Subject: interop" "" "A line." ".a dotted line" "." "The end." \
  >"$dir/message"
printf '%s\n' "$password" >"$dir/password"
printf 'not-%s\n' "$password" >"$dir/wrong_password"
came_back() { tail -n 4 "$dir/message" | cmp - <(sed '/^$/d' "$1" | tail -n 4); } # a mailbox ends in a blank line

account() { # SCHEME CA PASSWORD-FILE : what msmtp and mpop have in common
  local starttls=on
  if [[ $1 == *s ]]; then starttls=off; fi
  printf '%s\n' "account default" "host localhost" "port $(port "$1")" "timeout 10" "auth on" "user $user" \
    "passwordeval cat '$3'" "tls on" "tls_starttls $starttls" "tls_trust_file $2"
}
deliver() { # SCHEME CA PASSWORD-FILE
  { account "$@" && printf '%s\n' "domain client.test" "from msmtp@example.test" "syslog off"; } >"$dir/msmtprc"
  timeout 20 msmtp -C "$dir/msmtprc" "$sink" <"$dir/message"
}
by_mpop() { # SCHEME CA PASSWORD-FILE
  rm -f "$dir/mpop.mbox" "$dir/mpop.uidls"
  { account "$@" && printf '%s\n' "keep on" "uidls_file $dir/mpop.uidls" "delivery mbox $dir/mpop.mbox"; } >"$dir/mpoprc"
  timeout 20 mpop -C "$dir/mpoprc" --quiet && came_back "$dir/mpop.mbox"
}
by_fetchmail() { # SCHEME CA PASSWORD-FILE
  local tls="sslproto TLS1.2+" # for STLS: asked for, it is demanded
  if [[ $1 == *s ]]; then tls=ssl; fi
  rm -f "$dir/fetchmail.mail"
  cat >"$dir/fetchmailrc" <<CONF
poll localhost service $(port "$1") protocol pop3 timeout 10
  user "$user" password "$(<"$3")" is "$(id -un)" here
  $tls sslcertck sslcertfile "$2" sslcertpath "$dir/no_roots"
  keep fetchall no rewrite mda "cat >>'$dir/fetchmail.mail'"
CONF
  timeout 20 fetchmail -f "$dir/fetchmailrc" --pidfile "$dir/fetchmail.pid" -i "$dir/fetchmail.ids" --nosyslog &&
    came_back "$dir/fetchmail.mail"
}

# sysexits: 69 is EX_UNAVAILABLE, 77 EX_NOPERM. fetchmail: 2 is trouble with the socket or TLS, 3 with the login.
wrong=$dir/strangers/other_ca.pem
for scheme in smtp smtps; do
  expect "msmtp_$scheme" 0 deliver "$scheme" "$ca" "$dir/password"
  expect "msmtp_${scheme}_with_another_root" 69 deliver "$scheme" "$wrong" "$dir/password"
  expect "msmtp_${scheme}_wrong_password" 77 deliver "$scheme" "$ca" "$dir/wrong_password"
done
for scheme in pop3 pop3s; do
  expect "mpop_$scheme" 0 by_mpop "$scheme" "$ca" "$dir/password"
  expect "mpop_${scheme}_with_another_root" 69 by_mpop "$scheme" "$wrong" "$dir/password"
  expect "mpop_${scheme}_wrong_password" 77 by_mpop "$scheme" "$ca" "$dir/wrong_password"
  expect "fetchmail_$scheme" 0 by_fetchmail "$scheme" "$ca" "$dir/password"
  expect "fetchmail_${scheme}_with_another_root" 2 by_fetchmail "$scheme" "$wrong" "$dir/password"
  expect "fetchmail_${scheme}_wrong_password" 3 by_fetchmail "$scheme" "$ca" "$dir/wrong_password"
done
end_client_test
