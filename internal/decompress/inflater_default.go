//go:build !isal

package decompress

const inflaterChunk = 512 << 10

func newInflater() inflater { return new(ownInflater) }
