package filter

import (
	"bytes"
	"fmt"
	"iter"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	gobgp "github.com/osrg/gobgp/v4/pkg/packet/bgp"
)

// tool finds a program that checks syntax; in CI it must be there.
func tool(t *testing.T, name string) string {
	t.Helper()
	for _, dir := range append(filepath.SplitList(os.Getenv("PATH")), "/usr/sbin", "/sbin") {
		if p := filepath.Join(dir, name); isFile(p) {
			return p
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is absent, and CI must have it", name)
	}
	t.Skipf("%s is absent: its syntax is not checked", name)
	return ""
}

func isFile(p string) bool { st, err := os.Stat(p); return err == nil && st.Mode().IsRegular() }

// accepted runs a checker over a text.
func accepted(t *testing.T, text, name string, args ...string) {
	t.Helper()
	program := tool(t, name)
	file := filepath.Join(t.TempDir(), "conf")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil { // bgpd refuses what others may read
		t.Fatal(err)
	}
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "FILE", file)
	}
	if out, err := exec.Command(program, args...).CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s\n%s", name, err, out, numbered(text))
	}
}

// refused checks that a checker is one: it must not take a damaged text.
func refused(t *testing.T, text, name string, args ...string) {
	t.Helper()
	program := tool(t, name)
	file := filepath.Join(t.TempDir(), "conf")
	if err := os.WriteFile(file, []byte(text+"\nthis is no statement of anything {\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for i := range args {
		args[i] = strings.ReplaceAll(args[i], "FILE", file)
	}
	if err := exec.Command(program, args...).Run(); err == nil {
		t.Errorf("%s takes anything", name)
	}
}

func numbered(s string) string {
	var b strings.Builder
	for i, l := range strings.SplitN(s, "\n", 120) {
		fmt.Fprintf(&b, "%4d %s\n", i+1, l)
	}
	return b.String()
}

func text(t *testing.T, m *Measure, name string, undo bool) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, m, name, undo); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestSyntax lets each router's own program read what is written for it, the
// undoing too.
func TestSyntax(t *testing.T) {
	t.Parallel()
	birdHead := "router id 192.0.2.9;\nprotocol device {}\nflow4 table f4;\nflow6 table f6;\n"
	exa := func(template string) string {
		return "\nneighbor 127.0.0.1 {\n\tinherit " + template + ";\n\trouter-id 192.0.2.9;\n\tlocal-address 127.0.0.1;\n\tlocal-as 64500;\n\tpeer-as 64500;\n}\n"
	}
	for variant, o := range variants() {
		m := made(t, o)
		for _, undo := range []bool{false, true} {
			for _, name := range Dialects() {
				t.Run(fmt.Sprintf("%s/%s/undo=%v", variant, name, undo), func(t *testing.T) {
					t.Parallel()
					s := text(t, m, name, undo)
					switch name {
					case "bird":
						s = birdHead + s + "\nprotocol bgp x { local as 64500; neighbor 192.0.2.2 as 64501; ipv4 { import filter { if " + m.lower() + "() then reject; accept; }; export filter { if " + m.lower() + "() then reject; accept; }; }; }\n"
						accepted(t, s, "bird", "-p", "-c", "FILE")
						refused(t, s, "bird", "-p", "-c", "FILE")
					case "rtbh-bird", "flowspec-bird":
						accepted(t, birdHead+s, "bird", "-p", "-c", "FILE")
					case "frr", "rtbh-frr":
						if strings.Contains(s, "AS-NUMBER") {
							s = strings.ReplaceAll(s, "AS-NUMBER", "4837")
						}
						if undo { // what is undone must stand
							s = strings.ReplaceAll(text(t, m, name, false), "AS-NUMBER", "4837") + s
						}
						accepted(t, s, "vtysh", "-C", "-f", "FILE")
						refused(t, s, "vtysh", "-C", "-f", "FILE")
					case "openbgpd", "rtbh-openbgpd":
						s = "AS 64500\nrouter-id 192.0.2.9\nfib-update no\nlisten on 127.0.0.1\n" + s
						accepted(t, s, "bgpd", "-n", "-f", "FILE")
						refused(t, s, "bgpd", "-n", "-f", "FILE")
					case "rtbh-exabgp":
						accepted(t, s+exa(m.lower()), "exabgp", "--test", "FILE")
						refused(t, s+exa(m.lower()), "exabgp", "--test", "FILE")
					case "flowspec-exabgp":
						accepted(t, s+exa(m.lower()+"_flow"), "exabgp", "--test", "FILE")
					case "nftables":
						if os.Geteuid() != 0 {
							t.Skip("nft asks the kernel, which takes root")
						}
						if undo {
							s = text(t, m, name, false) + s
						}
						accepted(t, s, "unshare", "-n", tool(t, "nft"), "-c", "-f", "FILE")
						refused(t, s, "unshare", "-n", tool(t, "nft"), "-c", "-f", "FILE")
					case "ipset":
						if os.Geteuid() != 0 {
							t.Skip("ipset asks the kernel, which takes root")
						}
						if undo {
							s = text(t, m, name, false) + s
						}
						accepted(t, s, "unshare", "-n", tool(t, "ipset"), "restore", "-f", "FILE")
						refused(t, s, "unshare", "-n", tool(t, "ipset"), "restore", "-f", "FILE")
					case "nginx":
						dir := t.TempDir()
						file := filepath.Join(dir, "deny.conf")
						if err := os.WriteFile(file, []byte(s), 0o600); err != nil {
							t.Fatal(err)
						}
						s = "pid " + dir + "/pid;\nerror_log stderr;\nevents {}\nhttp { access_log off; client_body_temp_path " + dir + "; server { listen 127.0.0.1:1; include " + file + "; } }\n"
						accepted(t, s, "nginx", "-t", "-q", "-c", "FILE", "-e", "stderr")
					}
				})
			}
		}
	}
}

// TestFlowSpecBytes: gobgp's library, which somebody else wrote, reads the messages
// as the rules that they were made of, and writes them as we do.
func TestFlowSpecBytes(t *testing.T) {
	t.Parallel()
	many := order()
	many.Routes = nil
	for i := range 3000 { // several messages
		many.Routes = append(many.Routes,
			Route{netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 7), byte(i << 1), 0}), 24-i%2).Masked(), "x"},
			Route{netip.PrefixFrom(netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, byte(i >> 7), byte(i << 1), 0, 0, 1}), 33+i%90).Masked(), "x"})
	}
	all := variants()
	all["many"] = many
	for variant, o := range all {
		m := made(t, o)
		var want []string
		s := &sheet{Measure: m}
		s.eachRules(func(_ bool, rs iter.Seq[rule]) {
			for r := range rs {
				want = append(want, fmt.Sprint(r.component, " ", r.Prefix))
			}
		})
		for _, undo := range []bool{false, true} {
			b := []byte(text(t, m, "flowspec-bgp", undo))
			var got []string
			messages := 0
			for len(b) > 0 {
				n := int(b[16])<<8 | int(b[17])
				if n > 4096 {
					t.Fatalf("a message of %d bytes", n)
				}
				msg, err := gobgp.ParseBGPMessage(b[:n])
				if err != nil {
					t.Fatalf("%s, message %d: %v", variant, messages, err)
				}
				messages++
				u := msg.Body.(*gobgp.BGPUpdate)
				rate := false
				for _, a := range u.PathAttributes {
					var list []gobgp.PathNLRI
					switch a := a.(type) {
					case *gobgp.PathAttributeMpReachNLRI:
						list = a.Value
					case *gobgp.PathAttributeMpUnreachNLRI:
						list = a.Value
					case *gobgp.PathAttributeExtendedCommunities:
						x, ok := a.Value[0].(*gobgp.TrafficRateExtended)
						rate = ok && x.Rate == 0
					}
					for _, x := range list {
						fs := x.NLRI.(*gobgp.FlowSpecNLRI)
						for _, v := range fs.Value {
							got = append(got, fmt.Sprint(int(v.Type()), " ", strings.TrimSuffix(field(v.String()), "/0")))
						}
					}
				}
				if rate == undo {
					t.Errorf("%s: undo=%v, but a rate of nothing is %v", variant, undo, rate)
				}
				again, err := msg.Serialize()
				if err != nil || !bytes.Equal(again, b[:n]) {
					t.Errorf("%s: gobgp writes another message (%v)\n% x\n% x", variant, err, again, b[:n])
				}
				b = b[n:]
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s, undo=%v: %s", variant, undo, cmp.Diff(want, got))
			}
			if variant == "many" && messages < 4 {
				t.Errorf("%d messages only", messages)
			}
		}
	}
}

// field is the prefix in "[destination: 10.0.0.0/8]".
func field(s string) string {
	s = strings.Trim(s, "[]")
	_, p, _ := strings.Cut(s, ": ")
	return p
}
