package caselog

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

func (d *desk) pack() []byte {
	d.t.Helper()
	var b bytes.Buffer
	if err := d.must(CheckOptions{}).Pack(context.Background(), &b); err != nil {
		d.t.Fatal(err)
	}
	return b.Bytes()
}

func unpackInto(t testing.TB, b []byte, l Limits) (string, error) {
	dir := filepath.Join(t.TempDir(), "out")
	return dir, Unpack(context.Background(), bytes.NewReader(b), dir, l)
}

// TestPackAgain: the same case gives the same bytes, wherever it lies and how
// often it travels.
func TestPackAgain(t *testing.T) {
	d, _ := full(t)
	first := d.pack()
	if !bytes.Equal(first, d.pack()) {
		t.Error("packed twice, it differs")
	}
	moved := d.copy()
	os.Chmod(moved.path("acts/00003-statement/words.txt"), 0o600)
	os.MkdirAll(moved.path("unfinished/act-1/files"), 0o777)
	moved.write("log/tile/0/000.p/9", []byte("half a tile"))
	if !bytes.Equal(first, moved.pack()) {
		t.Error("packed from a copy with other modes and leftovers, it differs")
	}
	dir, err := unpackInto(t, first, DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	again := &desk{t, c, d.key, d.now}
	if !bytes.Equal(first, again.pack()) {
		t.Error("unpacked and packed, it differs")
	}
	if a := again.must(CheckOptions{}); len(a.Leftover) > 0 {
		t.Errorf("left over: %v", a.Leftover)
	}
	again.add(KindDocument, nil, "more.txt=more")
	if bytes.Equal(first, again.pack()) {
		t.Error("a case with more in it packs the same")
	}
	if err := Unpack(context.Background(), bytes.NewReader(first), dir, DefaultLimits); !errors.Is(err, ErrExists) {
		t.Errorf("unpacked over a case: %v", err)
	}
	// Other tools can read it.
	z, err := zstd.NewReader(bytes.NewReader(first))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	r := tar.NewReader(z)
	last := ""
	for {
		h, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.Name <= last || h.Mode != 0o644 || h.ModTime.Unix() != 0 || h.Uid != 0 || h.Uname != "" || !strings.HasPrefix(h.Name, "constat-case-"+d.ID()+"/") {
			t.Errorf("%+v after %s", h, last)
		}
		last = h.Name
	}
}

// TestPackFlips: a packed case with a changed byte is refused, or gives the
// same files.
func TestPackFlips(t *testing.T) {
	d, _ := full(t)
	b := d.pack()
	want := map[string]string{}
	read := func(into map[string]string) func(string, io.Reader) error {
		return func(n string, in io.Reader) error {
			x, err := io.ReadAll(in)
			into[n] = string(x)
			return err
		}
	}
	if err := readPack(context.Background(), bytes.NewReader(b), DefaultLimits, read(want)); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(5, 6))
	refused := 0
	for i := range b {
		c := bytes.Clone(b)
		c[i] ^= 1 << r.IntN(8)
		got := map[string]string{}
		if err := readPack(context.Background(), bytes.NewReader(c), DefaultLimits, read(got)); err != nil {
			refused++
			continue
		}
		for n := range want {
			if got[n] != want[n] || len(got) != len(want) {
				t.Fatalf("byte %d: %s differs", i, n)
			}
		}
	}
	t.Logf("%d of %d changed bytes refused, the others change nothing", refused, len(b))
	for n := range len(b) {
		if n%7 == 0 || n > len(b)-50 {
			if err := readPack(context.Background(), bytes.NewReader(b[:n]), DefaultLimits, read(map[string]string{})); err == nil {
				t.Fatalf("the first %d of %d bytes were taken for a packed case", n, len(b))
			}
		}
	}
}

// TestHostilePacks: what somebody else packed may want to harm.
func TestHostilePacks(t *testing.T) {
	const top = "constat-case-01234567/"
	file := func(name, body string) *tar.Header {
		return &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: int64(len(body)), Mode: 0o644, Linkname: "", Uname: body}
	}
	limits := Limits{Files: 20, Bytes: 1 << 20}
	many := make([]*tar.Header, 21)
	for i := range many {
		many[i] = file(fmt.Sprint(top, "f", i), "x")
	}
	for name, c := range map[string]struct {
		headers []*tar.Header
		tail    string
		want    string
	}{
		"good":             {[]*tar.Header{file(top+"a", "x"), file(top+"b/c", "y")}, "", ""},
		"empty":            {nil, "", "it is empty"},
		"upwards":          {[]*tar.Header{file(top+"../x", "x")}, "", "no name in a packed case"},
		"far upwards":      {[]*tar.Header{file("../../x", "x")}, "", "no name in a packed case"},
		"upwards inside":   {[]*tar.Header{file(top+"a/../../../x", "x")}, "", "no name in a packed case"},
		"absolute":         {[]*tar.Header{file("/etc/passwd", "x")}, "", "no name in a packed case"},
		"absolute below":   {[]*tar.Header{file(top+"/etc/passwd", "x")}, "", "no name in a packed case"},
		"without folder":   {[]*tar.Header{file("a", "x")}, "", "no name in a packed case"},
		"two folders":      {[]*tar.Header{file(top+"a", "x"), file("constat-case-76543210/a", "x")}, "", "no name in a packed case"},
		"backslash":        {[]*tar.Header{file(top+`a\..\b`, "x")}, "", "no name in a packed case"},
		"drive":            {[]*tar.Header{file(top+"c:x", "x")}, "", "no name in a packed case"},
		"hidden":           {[]*tar.Header{file(top+".profile", "x")}, "", "no name in a packed case"},
		"control":          {[]*tar.Header{file(top+"a\x1b[2J", "x")}, "", "no name in a packed case"},
		"twice":            {[]*tar.Header{file(top+"a", "x"), file(top+"a", "y")}, "", "is there twice"},
		"twice, spelling":  {[]*tar.Header{file(top+"a", "x"), file(top+"A", "y")}, "", "is there twice"},
		"file and folder":  {[]*tar.Header{file(top+"a", "x"), file(top+"a/b", "y")}, "", "a/b"},
		"symbolic link":    {[]*tar.Header{{Typeflag: tar.TypeSymlink, Name: top + "a", Linkname: "/etc"}}, "", "no ordinary file"},
		"hard link":        {[]*tar.Header{{Typeflag: tar.TypeLink, Name: top + "a", Linkname: "/etc/passwd"}}, "", "no ordinary file"},
		"device":           {[]*tar.Header{{Typeflag: tar.TypeChar, Name: top + "a", Devmajor: 1, Devminor: 5}}, "", "no ordinary file"},
		"block device":     {[]*tar.Header{{Typeflag: tar.TypeBlock, Name: top + "a", Devmajor: 8}}, "", "no ordinary file"},
		"pipe":             {[]*tar.Header{{Typeflag: tar.TypeFifo, Name: top + "a"}}, "", "no ordinary file"},
		"folder":           {[]*tar.Header{{Typeflag: tar.TypeDir, Name: top + "a/"}}, "", "no ordinary file"},
		"attribute":        {[]*tar.Header{{Typeflag: tar.TypeReg, Name: top + "a", PAXRecords: map[string]string{"SCHILY.xattr.user.x": "y"}}}, "", "the attribute"},
		"too many files":   {many, "", "more than 20 files"},
		"too many bytes":   {[]*tar.Header{file(top+"a", strings.Repeat("\x00", 600<<10)), file(top+"b", strings.Repeat("\x00", 600<<10))}, "", "more than 1048576 bytes"},
		"one file too big": {[]*tar.Header{file(top+"a", strings.Repeat("\x00", 1<<20+1))}, "", "more than 1048576 bytes"},
		"behind the end":   {[]*tar.Header{file(top+"a", "x")}, "hidden", "behind the end"},
		"much behind it":   {[]*tar.Header{file(top+"a", "x")}, strings.Repeat("\x00", 64<<20), "more than 1048576 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			z, _ := zstd.NewWriter(&b)
			w := tar.NewWriter(z)
			for _, h := range c.headers {
				body := h.Uname
				h := *h
				h.Uname = ""
				if err := w.WriteHeader(&h); err != nil {
					t.Fatal(err)
				}
				if h.Typeflag == tar.TypeReg && h.Size > 0 {
					if _, err := io.WriteString(w, body); err != nil {
						t.Fatal(err)
					}
				}
			}
			w.Close()
			io.WriteString(z, c.tail)
			z.Close()
			dir, err := unpackInto(t, b.Bytes(), limits)
			if c.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
			if es, _ := os.ReadDir(filepath.Dir(dir)); len(es) > 0 {
				t.Errorf("it left %v", es)
			}
		})
	}
	for name, b := range map[string][]byte{"nothing": nil, "text": []byte("hello, this is no packed case at all"), "gzip": {0x1f, 0x8b, 8, 0, 0}} {
		if _, err := unpackInto(t, b, limits); err == nil {
			t.Errorf("%s was unpacked", name)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	d, _ := full(t)
	if err := Unpack(ctx, bytes.NewReader(d.pack()), filepath.Join(t.TempDir(), "x"), DefaultLimits); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}

// TestPackedPadding: what fills the last block of each file is zeros, so that nothing
// hides in a packed case and it has one form.
func TestPackedPadding(t *testing.T) {
	top := "constat-case-0123abcd/"
	pack := func(change func(b []byte)) []byte {
		var raw bytes.Buffer
		w := tar.NewWriter(&raw)
		for name, size := range map[string]int{"a": 6, "b": 512, "c": 700} {
			if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: top + name, Size: int64(size), Mode: 0o644}); err != nil {
				t.Fatal(err)
			}
			w.Write(bytes.Repeat([]byte{'x'}, size))
		}
		w.Close()
		b := raw.Bytes()
		change(b)
		var out bytes.Buffer
		z, _ := zstd.NewWriter(&out)
		z.Write(b)
		z.Close()
		return out.Bytes()
	}
	if _, err := unpackInto(t, pack(func([]byte) {}), DefaultLimits); err != nil {
		t.Fatal(err)
	}
	for _, after := range []string{top + "a", top + "c"} {
		for _, at := range []int{0, 1} { // the first byte and the last of the filling
			b := pack(func(b []byte) {
				i := bytes.Index(b, append([]byte(after), 0)) + 512
				n := 6
				if after == top+"c" {
					n = 700
				}
				if at == 0 {
					b[i+n] = 's'
				} else {
					b[i+(n+511)&^511-1] = 's'
				}
			})
			if _, err := unpackInto(t, b, DefaultLimits); err == nil || !strings.Contains(err.Error(), "between its files") {
				t.Errorf("%s, %d: %v", after, at, err)
			}
		}
	}
}
