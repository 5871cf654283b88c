#!/usr/bin/env bash
# A private Postfix on loopback, with AUTH from a private Dovecot: configuration, queue, mail, certificates
# and logs all under DIR, nothing of the system's is read or written. Needs root.
#
# usage: interop/postfix.sh start DIR | stop DIR
#
# `start` prints, and writes to DIR/endpoints:
#
#   endpoint smtp://localhost:PORT      STARTTLS
#   endpoint smtps://localhost:PORT     TLS from the first octet
#   account DIR/account.toml            a user, and a recipient whose mail lands in a maildir
#   ca DIR/pki/ca.pem                   what to trust
#
# DIR should be short (a socket's path has 107 octets) and must be within reach of users postfix and
# dovecot; a directory right under /tmp is both.
set -euo pipefail
# shellcheck source=interop/lib.sh
. "$(dirname "$0")/lib.sh"

if (($# != 2)) || [[ $1 != start && $1 != stop ]]; then
  echo "usage: interop/postfix.sh start DIR | stop DIR" >&2
  exit 2
fi
verb=$1
dir=$(realpath -m "$2")
etc=$dir/etc
queue=$dir/queue

stop() {
  # Postfix first: an smtpd that loses its AUTH socket dies noisily.
  local code=0
  land postfix || code=1
  land dovecot || code=1
  return "$code"
}

# Dovecot as an AUTH server and nothing else: no protocol, no mailbox, one socket in Postfix's queue.
start_dovecot() {
  local password=$1
  mkdir -p "$dir/dovecot"
  printf 'alice:{PLAIN}%s\n' "$password" >"$dir/dovecot/users"
  chown root:dovecot "$dir/dovecot/users"
  chmod 640 "$dir/dovecot/users"
  cat >"$dir/dovecot/dovecot.conf" <<CONF
base_dir = $dir/dovecot/run
state_dir = $dir/dovecot/run
log_path = /dev/stderr
protocols =
ssl = no
auth_mechanisms = plain login
# Postfix decides whether a connection is safe enough (smtpd_tls_auth_only); Dovecot cannot see it.
disable_plaintext_auth = no
auth_failure_delay = 0
passdb {
  driver = passwd-file
  args = username_format=%u $dir/dovecot/users
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=/nonexistent
}
service auth {
  unix_listener $queue/private/auth {
    user = postfix
    mode = 0600
  }
}
# A container may lack the right to chroot.
service anvil {
  chroot =
}
service stats {
  chroot =
}
CONF
  launch dovecot /usr/sbin/dovecot -F -c "$dir/dovecot/dovecot.conf"
  wait_until dovecot "the AUTH socket" test -S "$queue/private/auth"
}

# The queue as postfix-install would lay it out: what daemons write belongs to postfix, pid to root.
lay_out_queue() {
  local name
  mkdir -p "$queue/pid" "$dir/data" "$dir/mail" "$etc"
  for name in active bounce corrupt defer deferred flush hold incoming maildrop private public saved trace; do
    mkdir -p "$queue/$name"
    chmod 700 "$queue/$name"
    chown postfix "$queue/$name"
  done
  chmod 755 "$queue" "$etc"
  chmod 711 "$queue/private" "$queue/public"
  chown postfix "$dir/data"
  mkdir -p "$dir/mail/sink/"{cur,new,tmp} # delivery would make it; whoever reads it comes first
  chown -R nobody:nogroup "$dir/mail"
  chmod 700 "$dir/mail"
}

write_main() {
  cat >"$etc/main.cf" <<CONF
compatibility_level = 3.6
queue_directory = $queue
data_directory = $dir/data
# With a postlog service in master.cf this needs no syslog.
maillog_file = /dev/stdout
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.example.test
smtpd_banner = mail.example.test ESMTP
biff = no
alias_maps =
# No name is ever looked up outside.
smtpd_peername_lookup = no
disable_dns_lookups = yes

# Mail for two people goes to their maildirs; anybody else's is refused, nothing is relayed.
mydestination =
mynetworks =
virtual_mailbox_domains = example.test
virtual_mailbox_base = $dir/mail
virtual_mailbox_maps = inline:{ { alice@example.test = alice/ } { sink@example.test = sink/ } }
virtual_uid_maps = static:$(id -u nobody)
virtual_gid_maps = static:$(getent group nogroup | cut -d: -f3)
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions =
default_transport = error:nothing leaves this host
relay_transport = error:nothing leaves this host

smtpd_tls_security_level = may
smtpd_tls_chain_files = $dir/pki/server.pem
smtpd_tls_auth_only = yes
smtpd_tls_loglevel = 1
smtpd_tls_received_header = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth

# A test makes many connections and many errors; their number is not to slow it down. What one
# connection may do wrong stays at Postfix's own limits.
smtpd_client_connection_rate_limit = 0
smtpd_client_connection_count_limit = 0
smtpd_client_auth_rate_limit = 0
smtpd_error_sleep_time = 0
in_flow_delay = 0
smtpd_starttls_timeout = 20s
smtpd_timeout = 60s
CONF
}

write_master() { # PORT-UPGRADE PORT-IMPLICIT
  # No service is chrooted: a container may forbid it, and the paths are ours anyway.
  cat >"$etc/master.cf" <<CONF
127.0.0.1:$1 inet n - n - - smtpd
127.0.0.1:$2 inet n - n - - smtpd
    -o smtpd_tls_wrappermode=yes
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
pickup  unix n - n 60 1 pickup
qmgr    unix n - n 300 1 qmgr
tlsmgr  unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
virtual unix - n n - - virtual
error   unix - - n - - error
retry   unix - - n - - error
bounce  unix - - n - 0 bounce
defer   unix - - n - 0 bounce
trace   unix - - n - 0 bounce
anvil   unix - - n - 1 anvil
proxymap unix - - n - - proxymap
CONF
}

write_account() { # PASSWORD
  (
    umask 077
    cat >"$dir/account.toml" <<CONF
user = "alice"
password = "$1"
sink = "sink@example.test"
sink_read = "maildir:$dir/mail/sink"
# TLS is offered, not demanded, as a mail exchanger does.
role = "public_mx"
auth_tls_only = true
CONF
  )
}

start() {
  local upgrade implicit password user
  if ((EUID != 0)); then fail "needs root: the daemons change to users of their own"; fi
  if [[ ! -x /usr/lib/postfix/sbin/master ]]; then fail "postfix is not installed (scripts/deps interop brings it)"; fi
  if [[ ! -x /usr/sbin/dovecot ]]; then fail "dovecot is not installed (scripts/deps interop brings it)"; fi
  if alive postfix || alive dovecot; then fail "already running in $dir"; fi
  if ((${#queue} + 13 > 107)); then fail "$dir is too long for a socket's path"; fi

  mkdir -p "$dir"
  chmod 711 "$dir"
  for user in postfix dovecot nobody; do
    setpriv --reuid="$user" --clear-groups test -x "$dir" || fail "user $user cannot reach $dir"
  done
  # Mail and keys have their own modes; what is not named there is readable.
  umask 022
  "$interop/pki.sh" "$dir/pki"
  chmod 711 "$dir/pki"
  hand_out_port upgrade
  hand_out_port implicit
  password=$(openssl rand -hex 12)
  lay_out_queue
  write_main
  write_master "$upgrade" "$implicit"
  write_account "$password"

  # Whatever goes wrong from here on, nothing stays behind.
  trap 'stop || true' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  start_dovecot "$password"
  # master itself: `postfix start` would insist on the system's own installation. -s keeps stdout open.
  launch postfix env MAIL_CONFIG="$etc" /usr/lib/postfix/sbin/master -c "$etc" -s
  wait_until postfix "a greeting on port $upgrade" greets "$upgrade" 220
  wait_until postfix "port $implicit" port_open "$implicit"
  trap - EXIT

  printf '%s\n' "endpoint smtp://localhost:$upgrade" "endpoint smtps://localhost:$implicit" \
    "account $dir/account.toml" "ca $dir/pki/ca.pem" | tee "$dir/endpoints"
}

"$verb"
