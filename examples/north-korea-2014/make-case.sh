#!/bin/sh
# Makes the whole story as one case, act by act. It asks nothing of the network.
#
#   go build -o constat ./cmd/constat
#   CONSTAT=$PWD/constat examples/north-korea-2014/make-case.sh FOLDER
#
# FOLDER gets the keys (keys/), the case (case/) and one file to send. With ATLAS=DIR, a folder of the registries'
# delegation files and of an origin table (constat atlas update brings the former; the latter is one of your own), the trace says where the addresses
# were registered; without it, it says that this is unknown.
set -eu
# The report of the examination is written in the language of the environment; the case shall be the same everywhere.
export LC_ALL=C
out=${1:?usage: make-case.sh FOLDER}
here=$(cd "$(dirname "$0")" && pwd)
constat=${CONSTAT:-constat}
mkdir -p "$out/keys"
cd "$out"

# Two keys: the examiner's, and that of somebody independent who watches over the log. They never lie in the case.
"$constat" case key new examiner.example --dir keys
"$constat" case key new witness.example --dir keys
key="--key keys/examiner.example.key"

# The question and the standard of proof come first, before anything is read.
"$constat" case open case --title 'North Korea, December 2014' --standard clear $key \
	--question 'Who was in a position to take the networks of North Korea off the Internet on 22 December 2014, and where does each claim about it stand?'

# What was measured. The recording in the box is a reconstruction from published times; the report says so at its top.
"$constat" case examine case --demo $key

# Who said what, and the list of sources that the register names.
"$constat" case add case "$here/sources.txt" --as source --note 'Where the statements and the addresses are from' $key
"$constat" case state case "$here/statements.txt" --note 'Fifteen statements' $key

# Where the facilities of the attack stood; the place of a machine is not its user.
"$constat" trace "$here/addresses.csv" --at 2014-12-01 ${ATLAS:+--atlas "$ATLAS"} --json >trace.json
"$constat" case add case "$here/addresses.csv" --as source --note 'Addresses named in public reports' $key
"$constat" case add case trace.json --as evidence --note 'Where the addresses were registered and originated' $key

# What routing cannot measure: items that people rated against competing hypotheses. Each rater can have a file.
"$constat" case add case "$here/evidence.toml" --as evidence --note 'Three items, one rater' $key

# Somebody independent has seen the case up to here.
"$constat" countersign case --key keys/witness.example.key -o seen.note
"$constat" case add case keys/witness.example.pub --for 'nobody but itself: a witness of the log' $key
"$constat" case add case seen.note $key

# The conclusion: what the findings give under the standard, and every statement beside them.
"$constat" case conclude case $key

# What everybody can do with it.
"$constat" verify case --checkpoint seen.note --examiner keys/examiner.example.pub
"$constat" pack case -o case.tar.zst
echo "$out/case/acts/"*-verdict/report.html
