package main

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"constat/internal/decompress"
	"constat/lab/gen"
	"constat/moment"

	"github.com/klauspost/compress/gzip"
)

// input is a generated file in the packings that are needed.
type input struct {
	name            string
	plain, gz, bz2  string
	size            int64 // of plain
	records, elems  int
	packed          int64 // of gz
	table, fullSize bool
}

type inputs struct {
	like                  string
	full                  *input // nil if it was to be left out
	small, updates        *input
	many                  []*input // tables in many bzip2 files
	prefix, prefixPattern string
	archives              []*archive
}

const startTime = 1_767_225_600 * moment.Second // 1 January 2026

// makeInputs generates what is not in the folder yet. The names carry a sum of
// what the files depend on.
func makeInputs(ctx context.Context, o options, p *programs) (*inputs, error) {
	f, err := os.Open(o.like)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	d, err := decompress.NewReader(f)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	sum := sha256.New()
	pool, err := gen.ReadPool(io.TeeReader(d, sum))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.like, err)
	}
	key := fmt.Sprintf("%x", sum.Sum(nil)[:4])
	make := func(name string, table, bz2 bool, s gen.Shape) (*input, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s.Start, s.Peers = startTime, 40
		in := &input{name: name, table: table, plain: filepath.Join(o.dir, name+"-"+key+".mrt")}
		in.gz, in.bz2 = in.plain+".gz", in.plain+".bz2"
		write := func(w io.Writer) (gen.Stats, error) {
			if table {
				return gen.Table(w, pool, s)
			}
			return gen.Updates(w, pool, s)
		}
		// The numbers are needed in any case, and show whether the generator
		// has changed since the files were made.
		st, err := write(io.Discard)
		if err != nil {
			return nil, err
		}
		in.size, in.records, in.elems = st.Bytes, st.Records, st.Elements
		if have, err := os.Stat(in.plain); err != nil || have.Size() != in.size {
			o.log("making %s, %d MB", name, in.size>>20)
			os.Remove(in.bz2)
			if err := pack(in, write); err != nil {
				return nil, err
			}
		}
		have, err := os.Stat(in.gz)
		if err != nil {
			return nil, err
		}
		in.packed = have.Size()
		if _, err := os.Stat(in.bz2); bz2 && err != nil {
			if p.bzip2 == "" {
				in.bz2 = ""
			} else if b, err := exec.CommandContext(ctx, p.bzip2, "-k", in.plain).CombinedOutput(); err != nil {
				return nil, fmt.Errorf("bzip2 %s: %w: %s", in.plain, err, b)
			}
		}
		return in, nil
	}
	all := &inputs{like: filepath.Base(o.like), prefix: "175.45.176.0/22", prefixPattern: `\|175\.45\.17[6-9]\.`}
	if !o.small {
		if all.full, err = make("rib full", true, false, gen.Shape{Seed: 1, V4: 1_000_000, V6: 220_000}); err != nil {
			return nil, err
		}
		all.full.fullSize = true
	}
	if all.small, err = make("rib small", true, true, gen.Shape{Seed: 1, V4: 82_000, V6: 18_000}); err != nil {
		return nil, err
	}
	if all.updates, err = make("updates big", false, false, gen.Shape{Seed: 1, V4: 1_000_000, V6: 220_000, Elements: 949_000}); err != nil {
		return nil, err
	}
	for i := range 8 {
		in, err := make(fmt.Sprintf("rib part %d", i+1), true, true, gen.Shape{Seed: uint64(i + 10), V4: 10_250, V6: 2_250})
		if err != nil {
			return nil, err
		}
		all.many = append(all.many, in)
	}
	for _, h := range lengths {
		if !o.wants(costTitle(h)) || o.small && h > 24 {
			continue
		}
		o.log("an archive of %d hours", h)
		a, err := makeArchive(ctx, filepath.Join(o.dir, fmt.Sprintf("hours-%d-%s", h, key)), pool, h, 30_000)
		if err != nil {
			return nil, err
		}
		all.archives = append(all.archives, a)
	}
	return all, nil
}

// pack writes an input plain and with gzip at once. A file under its own name
// is whole.
func pack(in *input, write func(io.Writer) (gen.Stats, error)) (err error) {
	var files []*os.File
	create := func(name string) io.Writer {
		f, cerr := os.Create(name + ".part")
		err = errors.Join(err, cerr)
		files = append(files, f)
		return f
	}
	plain := bufio.NewWriterSize(create(in.plain), 1<<20)
	packed := bufio.NewWriterSize(create(in.gz), 1<<20)
	if err != nil {
		return err
	}
	z := gzip.NewWriter(packed)
	_, err = write(io.MultiWriter(plain, z))
	err = errors.Join(err, z.Close(), plain.Flush(), packed.Flush())
	for _, f := range files {
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		return err
	}
	return errors.Join(os.Rename(in.gz+".part", in.gz), os.Rename(in.plain+".part", in.plain))
}
