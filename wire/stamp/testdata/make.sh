#!/bin/sh
# Makes the replies in this folder with OpenSSL 3, in a folder of its own: its keys
# are thrown away.
set -e
here=$(cd "$(dirname "$0")" && pwd)
cd "$(mktemp -d)"
cat > ca.cnf <<'END'
[req]
distinguished_name = dn
[dn]
[ca]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign
[stamping]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
[tsa]
default_tsa = one
[one]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1, millisecs:500
clock_precision_digits = 3
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
END
echo 01 > serial
openssl req -x509 -new -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 30000 -subj '/CN=Root for tests' -config ca.cnf -extensions ca
openssl req -new -newkey rsa:2048 -nodes -keyout rsa.key -out rsa.csr -subj '/CN=RSA stamps for tests' -config ca.cnf
openssl ecparam -name prime256v1 -genkey -noout -out ec.key
openssl req -new -key ec.key -out ec.csr -subj '/CN=EC stamps for tests' -config ca.cnf
for k in rsa ec; do
	openssl x509 -req -in $k.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out $k.pem -days 30000 -extfile ca.cnf -extensions stamping
done
printf 'words\n' > words
openssl ts -query -data words -sha256 -no_nonce -cert -out words.tsq
openssl ts -query -data words -sha256 -out bare.tsq
for k in rsa ec; do
	openssl ts -reply -config ca.cnf -queryfile words.tsq -signer $k.pem -inkey $k.key -out $k.tsr
done
openssl ts -reply -config ca.cnf -queryfile bare.tsq -signer ec.pem -inkey ec.key -out bare.tsr
echo 'ess_cert_id_alg = sha1' >> ca.cnf
openssl ts -reply -config ca.cnf -queryfile words.tsq -signer rsa.pem -inkey rsa.key -chain ca.pem -out sha1.tsr
cp ca.pem ec.pem words.tsq rsa.tsr ec.tsr bare.tsr sha1.tsr "$here"
