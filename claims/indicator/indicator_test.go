package indicator

import (
	"fmt"
	"strings"
	"testing"
)

func TestParseAddress(t *testing.T) {
	for in, want := range map[string]string{
		"1.2.3.4": "1.2.3.4 ", " 1[.]2[.]3[.]4 ": "1.2.3.4 ", "1(dot)2[dot]3{.}4": "1.2.3.4 ", `1\.2\.3\.4`: "1.2.3.4 ",
		"hxxp://1[.]2[.]3[.]4:8080/a?b#c": "1.2.3.4 8080", "hxxps[://]user@1.2.3.4/": "1.2.3.4 ", "1.2.3.4:443": "1.2.3.4 443",
		"1.2.3.4|443": "1.2.3.4 443", "1.2.3.4/32": "1.2.3.4 ", "2001:db8::1": "2001:db8::1 ", "[2001:db8::1]:53": "2001:db8::1 53",
		"2001:db8::1/128": "2001:db8::1 ", "::ffff:1.2.3.4": "1.2.3.4 ", "2001[:]db8[:][:]1": "2001:db8::1 ", `"1.2.3.4"`: "1.2.3.4 ",
		"http://[2001:db8::1]:80/": "2001:db8::1 80", "1.2.3.4|99999": "1.2.3.4 ",
	} {
		a, p, err := parseAddress(in)
		if got := fmt.Sprint(a, " ", p); err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", in, got, err, want)
		}
	}
	for _, in := range []string{"", "evil.example", "1.2.3", "1.2.3.4.5", "010.1.2.3", "1.2.3.0/24", "fe80::1%eth0", "1.2.3.4/33", "::1/x", "http://", "999.1.1.1", strings.Repeat("1", 5000)} {
		if a, _, err := parseAddress(in); err == nil {
			t.Errorf("%q was read as %s", in, a)
		}
	}
}

// items writes what was read, one line an item.
func items(i *List) string {
	var b strings.Builder
	for _, x := range i.Items {
		fmt.Fprint(&b, x.Addr)
		if x.At != nil {
			fmt.Fprint(&b, " ", x.At, " ", x.Of)
		}
		for _, p := range x.Ports {
			fmt.Fprint(&b, " :", p)
		}
		for _, m := range x.Mentions {
			fmt.Fprintf(&b, " [%s|%s|%s]", m.Place, m.By, m.Note)
		}
		b.WriteString("\n")
	}
	for _, p := range i.Passed {
		fmt.Fprintf(&b, "passed %s: %d\n", p.What, p.Count)
	}
	for _, d := range i.Damaged {
		fmt.Fprintf(&b, "damaged %s: %s\n", d.Place, d.Reason)
	}
	return b.String()
}

func TestCSV(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"a header, quotation marks, two ports", "ip,first_named_by,port,note\n1.1.1.1,\"Report, 1 Dec\",8000/8080,x\n",
			"1.1.1.1 :8000 :8080 [line 2|Report, 1 Dec|x]\n"},
		{"no header, one column, comments", "# c\n\n1.1.1.1\n1[.]0[.]0[.]1\n", "1.0.0.1 [line 4||]\n1.1.1.1 [line 3||]\n"},
		{"semicolons, a byte order mark, times", "\ufeffname;IP;First_Seen\r\na;1.1.1.1;2014-11-24 10:00\r\nb;1.1.1.1;1416823200\r\nc;1.1.1.1;never\r\n",
			"1.1.1.1 [line 4||]\n1.1.1.1 2014-11-24T10:00:00Z seen [line 2||] [line 3||]\ndamaged line 4: its time cannot be read, so it has none of its own: time \"never\": want RFC 3339 or a shorter form of it, such as 2010-02-27T16:00:00Z, 2010-02-27T16:00 or 2010-02-27 (UTC where no zone is named), or seconds since 1970\n"},
		{"tabs, and the column by its content", "x\t1.1.1.1\ny\tno\nz\t1.1.1.2\n", "1.1.1.1 [line 1||]\n1.1.1.2 [line 3||]\ndamaged line 2: \"no\": no IP address\n"},
		{"a quotation mark that is never closed takes one line", "ip,note\n1.1.1.1,\"open\n1.1.1.2,x\n1.1.1.3,\"a \"\"b\"\"\nc\"\n1.1.1.4,5\" disk\n1.1.1.5,6\" disk\n",
			"1.1.1.3 [line 4||a \"b\" c]\n1.1.1.4 [line 6||5\" disk]\n1.1.1.5 [line 7||6\" disk]\n"},
	} {
		i, err := Read("f", []byte(c.in))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := items(i); c.name[:11] != "a quotation" && got != c.want {
			t.Errorf("%s:\n%swant\n%s", c.name, got, c.want)
		} else if c.name[:11] == "a quotation" && (!strings.HasSuffix(got[:strings.Index(got, "damaged")], c.want) || !strings.Contains(got, "damaged line 2")) {
			t.Errorf("%s:\n%swant\n%s", c.name, got, c.want)
		}
	}
	for _, in := range []string{"", " \n", "a,b\nc,d\n", "{", `{"a":1}`, "[1,2]", "1\x002"} {
		if i, err := Read("f", []byte(in)); err == nil {
			t.Errorf("%q was read: %s", in, items(i))
		}
	}
}

func TestSTIX(t *testing.T) {
	in := `{"type":"bundle","id":"bundle--1","objects":[
 {"type":"indicator","id":"indicator--1","name":"C2","description":"d","pattern_type":"stix","pattern":"[ipv4-addr:value = '1.1.1.1' OR ipv4-addr:value IN ('1.1.1.2','1.1.1.3/32')] FOLLOWEDBY [ipv6-addr:value ISSUBSET '2a00::1/128' AND ipv4-addr:value != '9.9.9.1' AND ipv4-addr:value NOT = '9.9.9.2']","valid_from":"2014-11-24T00:00:00Z"},
 {"type":"indicator","id":"indicator--2","pattern_type":"snort","pattern":"alert"},
 {"type":"indicator","id":"indicator--3","pattern":"[ipv4-addr:value = '1.1.1.9']","revoked":true},
 {"type":"indicator","id":"indicator--4","pattern":"[ipv4-addr:value = '1.1.1.0/24']"},
 {"type":"indicator","id":"indicator--5","pattern":"[ipv4-addr:value LIKE '1.1.%']"},
 {"type":"indicator","id":"indicator--6","pattern":"[file:hashes.MD5 = 'ipv4-addr:value']"},
 {"type":"indicator","id":"indicator--7","pattern":"[ipv4-addr:value = '1.1"},
 {"type":"ipv4-addr","id":"ipv4-addr--1","value":"1.1.1.1"},
 {"type":"ipv4-addr","id":"ipv4-addr--2","value":"1.1.1.4"},
 {"type":"ipv4-addr","id":"ipv4-addr--3","value":"x"},
 {"type":"observed-data","id":"observed-data--1","first_observed":"2014-11-25T00:00:00Z","object_refs":["ipv4-addr--1","ipv4-addr--9"]},
 {"type":"observed-data","id":"observed-data--2","first_observed":"2014-11-26T00:00:00Z","objects":{"0":{"type":"ipv4-addr","value":"1.1.1.5"},"1":{"type":"file"}}},
 {"type":"malware","id":"malware--1"}, 7, {"id":"x"}]}`
	want := `1.1.1.1 2014-11-24T00:00:00Z valid [object 1 (indicator--1)|C2|d]
1.1.1.1 2014-11-25T00:00:00Z seen [object 8 (ipv4-addr--1)||]
1.1.1.2 2014-11-24T00:00:00Z valid [object 1 (indicator--1)|C2|d]
1.1.1.3 2014-11-24T00:00:00Z valid [object 1 (indicator--1)|C2|d]
1.1.1.4 [object 9 (ipv4-addr--2)||]
1.1.1.5 2014-11-26T00:00:00Z seen [object 12 (observed-data--2)||]
2a00::1 2014-11-24T00:00:00Z valid [object 1 (indicator--1)|C2|d]
passed file in observed-data: 1
passed indicator of something else than an address: 1
passed indicator with a pattern of snort: 1
passed indicator, revoked: 1
passed malware: 1
passed observed-data: 1
damaged object 4 (indicator--4): "1.1.1.0/24": a block of addresses; the place of one says nothing of the others, give addresses
damaged object 5 (indicator--5): pattern: LIKE names no address: "[ipv4-addr:value LIKE '1.1.%']"
damaged object 7 (indicator--7): pattern: a string that is not closed: "[ipv4-addr:value = '1.1"
damaged object 10 (ipv4-addr--3): "x": no IP address
damaged object 11 (observed-data--1): it points at ipv4-addr--9, which the bundle does not have
damaged object 14 (): not the members that STIX gives it: a number where an object is expected
damaged object 15 (x): no type
`
	i, err := Read("f", []byte(in))
	if err != nil {
		t.Fatal(err)
	}
	if got := items(i); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

func TestMISP(t *testing.T) {
	event := `{"Event":{"info":"Attack","date":"2014-12-01","Orgc":{"name":"CERT"},"Attribute":[
 {"type":"ip-dst","value":"1.1.1.1","comment":"c2","first_seen":"2014-11-24T10:00:00+01:00"},
 {"type":"ip-src|port","value":"1.1.1.2|8080"},{"type":"domain|ip","value":"evil.example|1.1.1.3"},
 {"type":"domain","value":"evil.example"},{"type":"ip-dst","value":"1.1.1.4","deleted":true},{"type":"ip-dst","value":"?"}, 5],
 "Object":[{"Attribute":[{"type":"ip-dst","value":"2a00::1"}]},{"deleted":"1","Attribute":[{"type":"ip-dst","value":"1.1.1.9"}]}]}}`
	want := `1.1.1.1 2014-11-24T09:00:00Z seen [event, attribute 1|CERT: Attack|c2]
1.1.1.2 2014-12-01T00:00:00Z valid :8080 [event, attribute 2|CERT: Attack|]
1.1.1.3 2014-12-01T00:00:00Z valid [event, attribute 3|CERT: Attack|]
2a00::1 2014-12-01T00:00:00Z valid [event, object 1, attribute 1|CERT: Attack|]
passed domain: 1
passed ip-dst, deleted: 1
passed object, deleted: 1
damaged event, attribute 6: "?": no IP address
damaged event, attribute 7: not the members that MISP gives it: a number where an object is expected
`
	i, err := Read("f", []byte(event))
	if err != nil {
		t.Fatal(err)
	}
	if got := items(i); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	for _, in := range []string{"[" + event + "]", `{"response":[` + event + `]}`} {
		i, err := Read("f", []byte(in))
		if err != nil || len(i.Items) != 4 || i.Form != FormMISP {
			t.Errorf("%v: %+v", err, i)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("ip,first_seen\n1.1.1.1,2014\n\"a\nb\",\n"))
	f.Add([]byte("1.1.1.1;x\n\"\"\"\n"))
	f.Add([]byte(`{"type":"bundle","objects":[{"type":"indicator","pattern":"[ipv4-addr:value IN ('1.1.1.1', '2')]"},{"type":"ipv4-addr","id":"ipv4-addr--1","value":"1.1.1.1"}]}`))
	f.Add([]byte(`{"type":"bundle","objects":[{"type":"observed-data","object_refs":["ipv4-addr--1"],"objects":{"0":{"type":"ipv6-addr","value":"2a00::1"}}}]}`))
	f.Add([]byte(`{"Event":{"date":"2014-01-01","Attribute":[{"type":"ip-dst|port","value":"1.1.1.1|80"}],"Object":[{"Attribute":[]}]}}`))
	f.Add([]byte(`[{"Event":{}}]`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		i, err := Read("f", raw)
		if err != nil {
			return
		}
		n := 0
		for _, x := range i.Items {
			if !x.Addr.IsValid() || x.Addr.Is4In6() || x.Addr.Zone() != "" {
				t.Fatalf("%v", x.Addr)
			}
			if (x.At == nil) != (x.Of == "") {
				t.Fatalf("time %v of %q", x.At, x.Of)
			}
			n += len(x.Mentions) + x.More
			for _, m := range x.Mentions {
				if strings.ContainsAny(m.Place+m.By+m.Note, "\n\x00\x1b") {
					t.Fatalf("%q", m)
				}
			}
		}
		if n != i.Mentions || i.Mentions != i.Duplicates+len(i.Items) || i.Unread < len(i.Damaged) || len(i.Damaged) > maxNamed {
			t.Fatalf("%d mentions, %d duplicates, %d items, %d kept; %d damaged of %d", i.Mentions, i.Duplicates, len(i.Items), n, len(i.Damaged), i.Unread)
		}
	})
}

func FuzzPattern(f *testing.F) {
	f.Add("[ipv4-addr:value = '1.1.1.1' AND ipv6-addr:value NOT IN ('::1', 'x\\'y')]")
	f.Fuzz(func(t *testing.T, p string) {
		vs, _ := patternAddresses(p)
		for _, v := range vs {
			if len(v) > len(p) {
				t.Fatalf("%q out of %q", v, p)
			}
		}
	})
}

// TestBounds: what a large file has beyond the bounds is named and left out.
func TestBounds(t *testing.T) {
	var b strings.Builder
	b.WriteString("ip,note\n")
	long := strings.Repeat("words ", 100)
	for i := range maxItems + 10 {
		fmt.Fprintf(&b, "11.%d.%d.%d,%s%d\n", i>>16, i>>8&255, i&255, long, i)
	}
	r, err := Read("large.csv", []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	kept := 0
	for _, x := range r.Items {
		kept += len(x.Mentions[0].Note)
	}
	if len(r.Items) > maxItems || kept > maxWords+maxText+10 {
		t.Errorf("%d addresses, %d bytes of notes", len(r.Items), kept)
	}
	b.Reset()
	for i := range maxItems + 10 {
		fmt.Fprintf(&b, "11.%d.%d.%d\n", i>>16, i>>8&255, i&255)
	}
	if r, err = Read("many.csv", []byte(b.String())); err != nil {
		t.Fatal(err)
	}
	if len(r.Items) != maxItems || r.Unread != 10 || !strings.Contains(r.Damaged[0].Reason, "more than 100000 addresses; this one is left out") {
		t.Errorf("%d addresses, %d left out, %v", len(r.Items), r.Unread, r.Damaged)
	}
	if _, err := Read("huge.csv", make([]byte, MaxSize+1)); err == nil {
		t.Error("a file beyond the bound is read")
	}
}
