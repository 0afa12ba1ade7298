//go:build !isal

package decompress

func newInflater() inflater { return new(ownInflater) }
