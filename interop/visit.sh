#!/usr/bin/env bash
# One visit of a real client to a server, as `assay client` calls it: it insists on TLS and on a certificate of
# CA for the host, logs in, does one thing of its own, and exits with 0 when that was done.
#
# usage: interop/visit.sh CLIENT URL CA USER PASSWORD_FILE [MESSAGE_FILE]
#
#   CLIENT   curl, swaks, msmtp, mpop, fetchmail, ldapsearch, gnutls-cli, openssl, nodemailer
#   MESSAGE_FILE  for those that send mail
#   URL      as assay gives it: smtp://HOST:PORT means the upgrade, smtps://HOST:PORT TLS from the first octet
set -euo pipefail
# shellcheck source=interop/login_lines.sh
. "$(dirname "$0")/login_lines.sh"
if (($# < 5 || $# > 6)); then
  echo "usage: interop/visit.sh CLIENT URL CA USER PASSWORD_FILE [MESSAGE_FILE]" >&2
  exit 2
fi
client=$1 url=$2 ca=$3 user=$4 password_file=$5 message=${6-}
scheme=${url%%:*}
place=${url#*://}
host=${place%:*} port=${place##*:}
password=$(cat "$password_file")
implicit=
protocol=$scheme
if [[ $scheme == *s ]]; then implicit=yes protocol=${scheme%s}; fi
base=dc=assay,dc=test
name=uid=$user,ou=people,$base
limit=6 # seconds: more than our servers hold a client back, and less than a case has

visit_curl() {
  local options=(-q -sS --max-time "$limit" --noproxy '*' --cacert "$ca" -K -)
  if [[ -z $implicit ]]; then options+=(--ssl-reqd); fi
  case $protocol in
    smtp) options+=(--mail-from me@example.test --mail-rcpt "$user@assay.test" -T "$message") ;;
    pop3) url+=/1 ;;
    ldap) url+="/$base??base?(cn=nobody)" user=$name ;;
  esac
  curl "${options[@]}" "$url" <<<"user = \"$user:$password\""
}

visit_swaks() {
  local tls=--tls
  if [[ -n $implicit ]]; then tls=--tls-on-connect; fi
  swaks --config /dev/fd/3 --server "$host" --port "$port" "$tls" --tls-verify --tls-ca-path "$ca" \
    --timeout "$limit" --helo client.test --from me@example.test --to "$user@assay.test" --auth PLAIN \
    --auth-user "$user" --auth-hide-password --data "@$message" 3<<<"--auth-password $password"
}

# msmtp and mpop share their words for TLS and logins.
visit_with_marlam() { # PROGRAM OPTION...
  local starttls=on
  if [[ -n $implicit ]]; then starttls=off; fi
  "$1" --host="$host" --port="$port" --tls=on --tls-starttls="$starttls" --tls-trust-file="$ca" --auth=on \
    --user="$user" --passwordeval="cat '$password_file'" --timeout="$limit" "${@:2}"
}
visit_msmtp() {
  visit_with_marlam msmtp --from=me@example.test --domain=client.test "$user@assay.test" <"$message"
}
visit_mpop() {
  local home code=0
  home=$(mktemp -d)
  mkdir "$home"/{cur,new,tmp}
  visit_with_marlam mpop --delivery=maildir,"$home" --uidls-file="$home/uidls" || code=$?
  rm -rf "$home"
  return "$code"
}

visit_fetchmail() {
  local home tls='sslproto TLS1.2+' code=0
  if [[ -n $implicit ]]; then tls=ssl; fi
  home=$(mktemp -d)
  # shellcheck disable=SC2064  # as it is now
  trap "rm -rf '$home'" EXIT
  FETCHMAILHOME=$home timeout "$limit" fetchmail -f - --nosyslog \
    --pidfile "$home/pid" --mda 'cat >/dev/null' <<CONF || code=$?
poll "$host" service $port protocol pop3 timeout $limit user "$user" password "$password" $tls sslcertck sslcertfile "$ca" sslcertpath "$home"
CONF
  return "$code" # 1, no mail, does not come: the mailbox has some
}

# libldap takes "localhost" for the canonical name of this machine, which no certificate here proves.
visit_ldapsearch() {
  local upgrade=(-ZZ)
  url=${url/localhost/127.0.0.1}
  if [[ -n $implicit ]]; then upgrade=(); fi
  LDAPCONF=/dev/null LDAPTLS_CACERT=$ca LDAPTLS_REQCERT=demand timeout "$limit" ldapsearch -LLL -x \
    "${upgrade[@]}" -o nettimeout="$limit" -H "$url" -D "$name" -y "$password_file" -b "$base" "(uid=$user)" mail
}

visit_gnutls_cli() {
  local upgrade=(--starttls-proto="$protocol")
  if [[ -n $implicit ]]; then upgrade=(); fi
  login_lines "$protocol" "$user" "$password" |
    timeout "$limit" gnutls-cli "${upgrade[@]}" --port "$port" --x509cafile "$ca" --logfile /dev/null "$host" |
    tells_of_login "$protocol"
}
visit_openssl() {
  local upgrade=(-starttls "$protocol") name=-verify_hostname
  if [[ -n $implicit ]]; then upgrade=(); fi
  if [[ $host == *[0-9] ]]; then name=-verify_ip; fi
  login_lines "$protocol" "$user" "$password" |
    timeout "$limit" openssl s_client -quiet "${upgrade[@]}" -connect "$host:$port" -CAfile "$ca" \
      "$name" "$host" -verify_return_error |
    tells_of_login "$protocol"
}

visit_nodemailer() {
  NODE_PATH=/usr/share/nodejs:/usr/lib/nodejs node - "$host" "$port" "$implicit" "$ca" "$user" "$password_file" "$message" <<'JS'
const [host, port, implicit, ca, user, password, message] = process.argv.slice(2);
const fs = require('fs');
require('nodemailer').createTransport({
  host, port: Number(port), secure: implicit !== '', requireTLS: true, tls: {ca: fs.readFileSync(ca)},
  auth: {user, pass: fs.readFileSync(password, 'utf8')}, connectionTimeout: 15000, greetingTimeout: 15000,
  socketTimeout: 15000,
}).sendMail({envelope: {from: 'me@example.test', to: user + '@assay.test'}, raw: fs.readFileSync(message)})
  .then(() => process.exit(0), error => { console.error(error.message); process.exit(1); });
JS
}

"visit_${client//-/_}"
