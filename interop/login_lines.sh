# shellcheck shell=bash
# What a tool that only carries octets is given to say to a server, so that it logs in, and what tells that it
# did. Sourced, never run.

# X.690 §8.1: tag, length below 128, contents.
tlv() { printf '%b%s' "\\x$1\\x$(printf %02x "$(printf %s "$2" | wc -c)")" "$2"; }

# login_lines PROTOCOL USER PASSWORD : a login, one question where its answer tells of it, and a farewell.
login_lines() {
  local request
  case $1 in
    smtp) printf '%s\r\n' 'EHLO client.test' "AUTH PLAIN $(printf '\0%s\0%s' "$2" "$3" | base64 -w 0)" QUIT ;;
    pop3) printf '%s\r\n' "USER $2" "PASS $3" STAT QUIT ;;
    nntp) printf '%s\r\n' "AUTHINFO USER $2" "AUTHINFO PASS $3" QUIT ;;
    ldap) # RFC 4511 §4.2 and §4.3: a simple bind, and an unbind behind it
      request=$'\x02\x01\x03'$(tlv 04 "uid=$2,ou=people,dc=assay,dc=test")$(tlv 80 "$3")
      tlv 30 $'\x02\x01\x01'"$(tlv 60 "$request")"
      printf '\x30\x05\x02\x01\x02\x42\x00'
      ;;
  esac
}

# tells_of_login PROTOCOL : whether the answers on standard input are those to somebody whom the server let in.
tells_of_login() {
  case $1 in
    smtp) grep -q '^235 ' ;;
    pop3) grep -qE '^\+OK [0-9]+ [0-9]+' ;; # to STAT, which has a meaning behind the login alone
    nntp) grep -q '^281 ' ;;
    ldap) [[ $(od -An -tx1 | tr -d ' \n') == 300c02010161070a010004000400 ]] ;; # BindResponse, success
  esac
}
