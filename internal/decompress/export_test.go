package decompress

// ChunkSize is how much of gzip is unpacked at a time.
const ChunkSize = inflaterChunk
