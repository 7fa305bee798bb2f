#!/bin/sh
# An authority of our own and a certificate for each server of docker-compose.yml, below the folder that is given.
# Run again it keeps what is good for MARGIN days more and makes the rest anew; a new authority makes everything anew.
#
#   sh certificates.sh FOLDER
#
#   FOLDER/ca          ca.pem, ca-key.pem           for this script only
#   FOLDER/public      ca.pem                       for those who verify
#   FOLDER/<server>    ca.pem, server.pem, server-key.pem, owned by the server's user
#   FOLDER/opensearch  admin.pem, admin-key.pem     for securityadmin.sh, which loads changed roles
set -eu
umask 077

FOLDER=${1:?"thiếu thư mục (a folder is needed)"}
AUTHORITY_DAYS=3650
DAYS=398
MARGIN=${VANKHO_CERTIFICATES_MARGIN:-60}
CA=$FOLDER/ca

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

say() { printf '%s\n' "$*"; }

# lasts FILE DAYS: whether a certificate is there and good for so many days
lasts() { [ -s "$1" ] && openssl x509 -in "$1" -noout -checkend $(($2 * 86400)) >/dev/null 2>&1; }

# belongs CERTIFICATE KEY: whether the key is that of the certificate
belongs() {
  [ -s "$2" ] && [ "$(openssl x509 -in "$1" -noout -pubkey)" = "$(openssl pkey -in "$2" -pubout 2>/dev/null)" ]
}

# put SOURCE TARGET MODE OWNER: whole or not at all
put() {
  cp "$1" "$2.new"
  chmod "$3" "$2.new"
  if [ "$(id -u)" = 0 ]; then chown "$4" "$2.new"; fi
  mv -f "$2.new" "$2"
}

make_authority() {
  if lasts "$CA/ca.pem" $((DAYS + MARGIN)) && belongs "$CA/ca.pem" "$CA/ca-key.pem"; then
    say "ca: giữ nguyên (kept)"
    return
  fi
  openssl req -x509 -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -sha256 -days "$AUTHORITY_DAYS" \
    -subj "/O=Van Kho/CN=Van Kho internal authority $(openssl rand -hex 4)" \
    -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign" \
    -addext "subjectKeyIdentifier=hash" -keyout "$work/ca-key.pem" -out "$work/ca.pem" 2>/dev/null
  put "$work/ca-key.pem" "$CA/ca-key.pem" 0600 0:0
  put "$work/ca.pem" "$CA/ca.pem" 0644 0:0
  say "ca: làm mới (made)"
}

# make_certificate PLACE FILE SUBJECT USAGE NAMES OWNER
make_certificate() {
  place=$FOLDER/$1 file=$2
  if lasts "$place/$file.pem" "$MARGIN" && belongs "$place/$file.pem" "$place/$file-key.pem" \
    && openssl verify -CAfile "$CA/ca.pem" "$place/$file.pem" >/dev/null 2>&1; then
    say "$1/$file: giữ nguyên (kept)"
    return
  fi
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -sha256 -subj "/O=Van Kho/CN=$3" \
    -keyout "$work/key.pem" -out "$work/request.pem" 2>/dev/null
  {
    say "basicConstraints = critical, CA:FALSE"
    say "keyUsage = critical, digitalSignature"
    say "extendedKeyUsage = $4"
    say "subjectKeyIdentifier = hash"
    say "authorityKeyIdentifier = keyid"
    if [ -n "$5" ]; then say "subjectAltName = $5"; fi
  } >"$work/extensions"
  openssl x509 -req -in "$work/request.pem" -CA "$CA/ca.pem" -CAkey "$CA/ca-key.pem" -sha256 -days "$DAYS" \
    -set_serial "0x$(openssl rand -hex 16)" -extfile "$work/extensions" -out "$work/certificate.pem" 2>/dev/null
  put "$work/key.pem" "$place/$file-key.pem" 0600 "$6"
  put "$work/certificate.pem" "$place/$file.pem" 0644 "$6"
  say "$1/$file: làm mới (made)"
}

for place in ca public opensearch postgres redis; do
  mkdir -p "$FOLDER/$place"
  chmod 0755 "$FOLDER/$place"
done
chmod 0700 "$CA"
make_authority

# the users of the pinned images: opensearch 1000, postgres 999, redis 999
make_certificate opensearch server opensearch "serverAuth, clientAuth" "DNS:opensearch, DNS:localhost" 1000:1000
make_certificate opensearch admin vankho-admin clientAuth "" 1000:1000
make_certificate postgres server postgres serverAuth "DNS:postgres, DNS:localhost" 999:999
make_certificate redis server redis serverAuth "DNS:redis, DNS:localhost" 999:999
for place in public opensearch postgres redis; do
  put "$CA/ca.pem" "$FOLDER/$place/ca.pem" 0644 0:0
done
