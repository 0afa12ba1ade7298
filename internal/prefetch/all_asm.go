//go:build amd64 || arm64

package prefetch

// All asks for the cache lines in which these addresses lie.
//
//go:noescape
func All(addresses []uintptr)
