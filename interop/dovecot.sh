#!/usr/bin/env bash
# A private Dovecot on loopback that serves POP3 with STLS and over TLS: configuration, mail, certificates and
# logs all under DIR, nothing of the system's is read or written. Needs root.
#
# usage: interop/dovecot.sh start DIR | stop DIR
#
# `start` prints, and writes to DIR/endpoints:
#
#   endpoint pop3://localhost:PORT      STLS
#   endpoint pop3s://localhost:PORT     TLS from the first octet
#   account DIR/account.toml            a user
#   ca DIR/pki/ca.pem                   what to trust
#
# DIR should be short (a socket's path has 107 octets) and must be within reach of the users dovecot and
# nobody; a directory right under /tmp is both.
set -euo pipefail
# shellcheck source=interop/lib.sh
. "$(dirname "$0")/lib.sh"

if (($# != 2)) || [[ $1 != start && $1 != stop ]]; then
  echo "usage: interop/dovecot.sh start DIR | stop DIR" >&2
  exit 2
fi
verb=$1
dir=$(realpath -m "$2")

stop() { land dovecot; }

write_conf() { # UPGRADE-PORT IMPLICIT-PORT
  cat >"$dir/dovecot.conf" <<CONF
base_dir = $dir/run
state_dir = $dir/run
log_path = /dev/stderr
protocols = pop3
listen = 127.0.0.1
hostname = localhost
# On loopback every client counts as secured, so that only this refuses a login in the clear.
ssl = required
ssl_cert = <$dir/pki/chain.pem
ssl_key = <$dir/pki/server.pem
ssl_min_protocol = TLSv1.2
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:$dir/mail/%u
mail_max_userip_connections = 1000
first_valid_uid = 1
first_valid_gid = 1
passdb {
  driver = passwd-file
  args = username_format=%u $dir/users
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=$dir/mail/%u
}
# A container may lack the right to chroot; a process serves many logins, or each handshake costs a fork.
service pop3-login {
  chroot =
  service_count = 0
  inet_listener pop3 {
    port = $1
  }
  inet_listener pop3s {
    port = $2
    ssl = yes
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
CONF
}

start() {
  local upgrade implicit password
  if ((EUID != 0)); then fail "needs root: the daemons change to users of their own"; fi
  if [[ ! -x /usr/lib/dovecot/pop3 ]]; then fail "dovecot-pop3d is not installed (scripts/deps interop brings it)"; fi
  if alive dovecot; then fail "already running in $dir"; fi

  mkdir -p "$dir"
  chmod 711 "$dir"
  umask 022
  "$interop/pki.sh" "$dir/pki"
  hand_out_port upgrade
  hand_out_port implicit
  password=$(openssl rand -hex 12)
  mkdir -p "$dir/mail/alice/"{cur,new,tmp}
  printf '%s\r\n' 'From: <bob@example.test>' 'To: <alice@example.test>' 'Subject: seeded' '' '.A line with a dot.' \
    >"$dir/mail/alice/new/1.seed.localhost"
  chown -R nobody:nogroup "$dir/mail"
  printf 'alice:{PLAIN}%s\n' "$password" >"$dir/users"
  chown root:dovecot "$dir/users"
  chmod 640 "$dir/users"
  (umask 077 && printf 'user = "alice"\npassword = "%s"\nauth_tls_only = true\n' "$password" >"$dir/account.toml")
  write_conf "$upgrade" "$implicit"

  # Whatever goes wrong from here on, nothing stays behind.
  trap 'stop || true' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  launch dovecot /usr/sbin/dovecot -F -c "$dir/dovecot.conf"
  wait_until dovecot "port $upgrade" port_open "$upgrade"
  wait_until dovecot "port $implicit" port_open "$implicit"
  trap - EXIT

  printf '%s\n' "endpoint pop3://localhost:$upgrade" "endpoint pop3s://localhost:$implicit" \
    "account $dir/account.toml" "ca $dir/pki/ca.pem" | tee "$dir/endpoints"
}

"$verb"
