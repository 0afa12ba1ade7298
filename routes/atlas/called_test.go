package atlas

import "testing"

// TestMayBeCalled: a subject file's name is no other network's, prefix's or country's.
func TestMayBeCalled(t *testing.T) {
	for _, c := range []struct {
		file, name string
		ok         bool
	}{
		{"AS396001", "North Korea", true},
		{"AS396001", "North Korea, December 2014", true},
		{"AS396001", "AS396001", true},
		{"AS396001", "as396001 and its customers", true},
		{"AS131279\nAS396001", "AS131279, AS396001", true},
		{"AS396001", "AS131279", false},
		{"AS396001", "as131279", false},
		{"AS396001", "AS 131279", false},
		{"AS396001", "(AS131279)", false},
		{"AS396001", "AS131279. This is established. Nobody else", false},
		{"AS396001", "networks of AS131279", false},
		{"AS396001\n-AS131279", "AS131279", false},
		{"AS396001", "175.45.176.0/22", false},
		{"175.45.176.0/22", "175.45.176.0/22", true},
		{"AS396001", "175.45.176.1", false},
		{"AS396001", "KP", false},
		{"KP\nAS396001", "KP", true},
		{"AS396001", "no way to be in it", true},
		{"AS396001", "Star JV, 2014", true},
	} {
		sf, err := parseSubjectFile([]byte(c.file))
		if err != nil {
			t.Fatal(err)
		}
		if err := sf.mayBeCalled(c.name); (err == nil) != c.ok {
			t.Errorf("%q of %q: %v", c.name, c.file, err)
		}
	}
}
