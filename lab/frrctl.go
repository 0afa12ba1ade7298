package lab

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"strings"
	"time"
)

// frrAsk gives commands to a bgpd's control socket, as vtysh does: a command
// ends with a zero byte; an answer with three of them and a status, 0 for done
// (FRR lib/vty.c, lib/command.h). It stops at the first that fails.
func frrAsk(ctx context.Context, socket string, commands ...string) (string, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, "unix", socket)
	if err != nil {
		return "", err
	}
	defer c.Close()
	deadline, ok := ctx.Deadline()
	if !ok {
		deadline = time.Now().Add(time.Minute)
	}
	if err := c.SetDeadline(deadline); err != nil {
		return "", err
	}
	stop := context.AfterFunc(ctx, func() { c.SetDeadline(time.Now()) })
	defer stop()
	said := ""
	for _, cmd := range append([]string{"enable"}, commands...) {
		if _, err := c.Write(append([]byte(cmd), 0)); err != nil {
			return "", fmt.Errorf("bgpd, asked %q: %w", cmd, err)
		}
		text, status, err := frrReply(c)
		if err != nil {
			return "", fmt.Errorf("bgpd, asked %q: %w", cmd, err)
		}
		if status != 0 {
			return "", fmt.Errorf("bgpd, asked %q, answered %q (status %d)", cmd, strings.TrimSpace(text), status)
		}
		said += text
	}
	return said, nil
}

func frrReply(r interface{ Read([]byte) (int, error) }) (string, byte, error) {
	var all []byte
	buf := make([]byte, 4096)
	for {
		n, err := r.Read(buf)
		all = append(all, buf[:n]...)
		if k := len(all) - 4; k >= 0 && bytes.Equal(all[k:k+3], []byte{0, 0, 0}) {
			return string(all[:k]), all[k+3], nil
		}
		if err != nil {
			return "", 0, err
		}
	}
}

// frrUp returns how many sessions "show bgp summary json" calls established.
func frrUp(text string) int { return strings.Count(text, `"state":"Established"`) }
