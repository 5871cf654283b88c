#!/usr/bin/env bash
# A private Dovecot on loopback that serves POP3 with STLS and over TLS, and submission with STARTTLS and over
# TLS: configuration, mail, certificates and logs all under DIR, nothing of the system's is read or written.
# Submission hands on what it is given to a relay; there is none here, so that nothing can be sent. Needs root.
#
# usage: interop/dovecot.sh start DIR | stop DIR
#
# `start` prints, and writes to DIR/endpoints:
#
#   endpoint pop3://127.0.0.2:PORT?name=localhost          STLS
#   endpoint pop3s://127.0.0.2:PORT?name=localhost         TLS from the first octet
#   endpoint submission://127.0.0.2:PORT?name=localhost    STARTTLS
#   endpoint submissions://127.0.0.2:PORT?name=localhost   TLS from the first octet
#   account DIR/account.toml                                a user
#   ca DIR/pki/ca.pem                                       what to trust
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

write_conf() { # POP3 POP3S SUBMISSION SUBMISSIONS : the ports
  cat >"$dir/dovecot.conf" <<CONF
base_dir = $dir/run
state_dir = $dir/run
log_path = /dev/stderr
protocols = pop3 submission
listen = 127.0.0.2
hostname = localhost
# A client of the same address counts as secured, whatever stands here: hence the second address of loopback.
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
service submission-login {
  chroot =
  service_count = 0
  inet_listener submission {
    port = $3
  }
  inet_listener submissions {
    port = $4
    ssl = yes
  }
}
# What the relay can do is told here, so that it is not asked before there is a message for it.
submission_relay_host = 127.0.0.1
submission_relay_port = 9
submission_backend_capabilities = 8BITMIME
service anvil {
  chroot =
}
service stats {
  chroot =
}
CONF
}

start() {
  local pop3 pop3s submission submissions port password
  if ((EUID != 0)); then fail "needs root: the daemons change to users of their own"; fi
  if [[ ! -x /usr/lib/dovecot/pop3 || ! -x /usr/lib/dovecot/submission ]]; then
    fail "dovecot-pop3d or dovecot-submissiond is not installed (scripts/deps interop brings it)"
  fi
  if alive dovecot; then fail "already running in $dir"; fi

  mkdir -p "$dir"
  chmod 711 "$dir"
  umask 022
  "$interop/pki.sh" "$dir/pki"
  hand_out_port pop3
  hand_out_port pop3s
  hand_out_port submission
  hand_out_port submissions
  password=$(openssl rand -hex 12)
  mkdir -p "$dir/mail/alice/"{cur,new,tmp}
  printf '%s\r\n' 'From: <bob@example.test>' 'To: <alice@example.test>' 'Subject: seeded' '' '.A line with a dot.' \
    >"$dir/mail/alice/new/1.seed.localhost"
  chown -R nobody:nogroup "$dir/mail"
  printf 'alice:{PLAIN}%s\n' "$password" >"$dir/users"
  chown root:dovecot "$dir/users"
  chmod 640 "$dir/users"
  (umask 077 && printf 'user = "alice"\npassword = "%s"\nauth_tls_only = true\n' "$password" >"$dir/account.toml")
  write_conf "$pop3" "$pop3s" "$submission" "$submissions"

  # Whatever goes wrong from here on, nothing stays behind.
  trap 'stop || true' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  launch dovecot /usr/sbin/dovecot -F -c "$dir/dovecot.conf"
  for port in "$pop3" "$pop3s" "$submission" "$submissions"; do
    wait_until dovecot "port $port" port_open_at 127.0.0.2 "$port"
  done
  trap - EXIT

  printf '%s\n' "endpoint pop3://127.0.0.2:$pop3?name=localhost" "endpoint pop3s://127.0.0.2:$pop3s?name=localhost" \
    "endpoint submission://127.0.0.2:$submission?name=localhost" \
    "endpoint submissions://127.0.0.2:$submissions?name=localhost" \
    "account $dir/account.toml" "ca $dir/pki/ca.pem" | tee "$dir/endpoints"
}

"$verb"
