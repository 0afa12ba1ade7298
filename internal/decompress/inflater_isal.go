//go:build isal

package decompress

// #cgo LDFLAGS: -lisal
// #include <stdlib.h>
// #include <isa-l/igzip_lib.h>
//
// // constat_inflate runs isal_inflate with buffers that it does not remember.
// static int constat_inflate(struct inflate_state *s, uint8_t *in, uint32_t *nin, uint8_t *out, uint32_t *nout)
// {
// 	s->next_in = in;
// 	s->avail_in = *nin;
// 	s->next_out = out;
// 	s->avail_out = *nout;
// 	int r = isal_inflate(s);
// 	*nin -= s->avail_in;
// 	*nout -= s->avail_out;
// 	s->next_in = s->next_out = NULL;
// 	s->avail_in = s->avail_out = 0;
// 	return r;
// }
import "C"

import (
	"errors"
	"fmt"
	"io"
	"unsafe"

	"constat/internal/inflate"
)

// inflaterChunk is large because isal_inflate copies a window of output into and
// out of its state with every call.
const inflaterChunk = 1 << 20

// isal is the inflater of Intel's ISA-L. It refuses a few streams that the
// default build accepts, and the other way round, as it looks less closely at
// codes that are never used; on streams that compressors write the two agree.
type isal struct{ state *C.struct_inflate_state }

func newInflater() inflater {
	return &isal{(*C.struct_inflate_state)(C.calloc(1, C.sizeof_struct_inflate_state))}
}

func (z *isal) Reset() { C.isal_inflate_init(z.state) }

func (z *isal) Close() {
	C.free(unsafe.Pointer(z.state))
	z.state = nil
}

func (z *isal) Decode(out []byte, at int, in []byte, final bool) (int, int, inflate.Status, error) {
	nin, nout := C.uint32_t(len(in)), C.uint32_t(len(out)-at)
	r := C.constat_inflate(z.state, (*C.uint8_t)(unsafe.SliceData(in)), &nin,
		(*C.uint8_t)(unsafe.SliceData(out[at:])), &nout)
	var err error
	switch {
	case r == C.ISAL_INVALID_BLOCK:
		err = errors.New("invalid block")
	case r == C.ISAL_INVALID_SYMBOL:
		err = inflate.ErrSymbol
	case r == C.ISAL_INVALID_LOOKBACK:
		err = inflate.ErrDistance
	case r < 0:
		err = fmt.Errorf("isal_inflate: %d", int(r))
	case z.state.block_state == C.ISAL_BLOCK_FINISH:
		// What it took ahead goes back.
		return int(nout), int(nin) - int(z.state.read_in_length/8), inflate.Done, nil
	case int(nout) == len(out)-at:
		return int(nout), int(nin), inflate.NeedOutput, nil
	case final:
		err = io.ErrUnexpectedEOF
	}
	return int(nout), int(nin), inflate.NeedInput, err
}
