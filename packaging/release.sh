#!/usr/bin/env bash
# Builds a release into a folder: binaries, completions, manual page, a Debian
# package, a bill of materials and SHA256SUMS. The same commit and version give the
# same bytes (RELEASING.md).
#
#   packaging/release.sh VERSION [FOLDER]
set -euo pipefail
version=${1:?usage: packaging/release.sh VERSION [FOLDER]}
out=$(mkdir -p "${2:-dist}" && cd "${2:-dist}" && pwd)
cd "$(dirname "$0")/.."
[[ $version =~ ^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] || { echo "version $version: want one such as v1.2.3" >&2; exit 2; }
[ -z "$(ls -A "$out")" ] || { echo "$out is not empty" >&2; exit 1; }

# The commit's time stands for the time of building wherever a format wants one.
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export CGO_ENABLED=0 TZ=UTC LC_ALL=C

build() { # build GOOS GOARCH FILE
  GOOS=$1 GOARCH=$2 go build -trimpath -buildvcs=false -ldflags="-s -w -buildid= -X main.release=$version" -o "$3" ./cmd/constat
}
for target in linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64; do
  os=${target%/*} arch=${target#*/}
  ext=; [ "$os" = windows ] && ext=.exe
  echo "constat-$os-$arch$ext" >&2
  build "$os" "$arch" "$out/constat-$os-$arch$ext"
done

# What the program says of itself goes along; it is asked on the machine at hand.
self=$(mktemp -d); trap 'rm -rf "$self"' EXIT
build "$(go env GOHOSTOS)" "$(go env GOHOSTARCH)" "$self/constat"
"$self/constat" man >"$out/constat.1"
for shell in bash zsh fish; do "$self/constat" completion "$shell" >"$out/constat.$shell"; done

nfpm=github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.2
sbom=github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0
for arch in amd64 arm64; do
  echo "constat_${version#v}_$arch.deb" >&2
  sed -e "s|@VERSION@|${version#v}|; s|@ARCH@|$arch|; s|@DIST@|$out|; s|@MTIME@|$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)|" packaging/nfpm.yaml >"$self/nfpm.yaml"
  go run "$nfpm" package -f "$self/nfpm.yaml" -p deb -t "$out/constat_${version#v}_$arch.deb" >/dev/null
done

# The modules that are linked in, with versions and licences. Number and time of
# the list itself are left out: they would differ each time.
echo constat.cdx.json >&2
go run "$sbom" app -json -licenses -noserial -main cmd/constat -output "$self/sbom.json" . >/dev/null 2>&1 || { echo "the bill of materials was not made: go run $sbom app -main cmd/constat ." >&2; exit 1; }
sed '/"timestamp":/d' "$self/sbom.json" >"$out/constat.cdx.json"

(cd "$out" && sha256sum -- * >SHA256SUMS)
cat "$out/SHA256SUMS"
