package lab

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strings"
	"time"
)

// birdAsk sends one command to a BIRD's control socket and returns the lines
// of the answer without their codes. Codes 8xxx and 9xxx are errors (BIRD 2.0
// doc/reply_codes).
func birdAsk(ctx context.Context, socket, command string) ([]string, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, "unix", socket)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	deadline, ok := ctx.Deadline()
	if !ok {
		deadline = time.Now().Add(time.Minute)
	}
	if err := c.SetDeadline(deadline); err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { c.SetDeadline(time.Now()) })
	defer stop()
	r := bufio.NewReader(c)
	if _, err := birdReply(r); err != nil { // the greeting
		return nil, err
	}
	if _, err := fmt.Fprintf(c, "%s\n", command); err != nil {
		return nil, err
	}
	lines, err := birdReply(r)
	if err != nil {
		return nil, fmt.Errorf("bird, asked %q: %w", command, err)
	}
	return lines, nil
}

// birdReply reads lines "1234-text", continued by " text", up to "1234 text".
func birdReply(r *bufio.Reader) ([]string, error) {
	var lines []string
	for {
		l, err := r.ReadString('\n')
		if err != nil {
			return nil, err
		}
		l = strings.TrimRight(l, "\n")
		if strings.HasPrefix(l, " ") {
			lines = append(lines, l[1:])
			continue
		}
		if strings.HasPrefix(l, "+") { // asynchronous notice
			continue
		}
		if len(l) < 5 {
			return nil, fmt.Errorf("answered %q", l)
		}
		lines = append(lines, l[5:])
		if l[0] == '8' || l[0] == '9' {
			return nil, fmt.Errorf("answered %q", l)
		}
		if l[4] == ' ' {
			return lines, nil
		}
	}
}

// sessionsUp returns how many BGP sessions of a BIRD are established.
func sessionsUp(lines []string) int {
	n := 0
	for _, l := range lines {
		f := strings.Fields(l)
		if len(f) >= 6 && f[1] == "BGP" && f[len(f)-1] == "Established" {
			n++
		}
	}
	return n
}
