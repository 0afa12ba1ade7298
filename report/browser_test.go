package report

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"constat/internal/locale"
)

// chromium is the browser to test with, "" if there is none.
func chromium() string {
	for _, n := range []string{"chromium", "chromium-browser", "google-chrome", "headless_shell"} {
		if p, err := exec.LookPath(n); err == nil {
			return p
		}
	}
	return ""
}

// TestBrowser opens the pages as a reader would: at the widths of a small and
// a common phone, a tablet and a desk, light and dark, and on paper. Nothing
// may overflow sideways, complain in the console or ask for another file, and no
// prefix may be broken between two lines.
func TestBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: it opens pages in Chromium")
	}
	bin := chromium()
	if bin == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("no Chromium, and CI=true")
		}
		t.Skip("no Chromium on this machine: pages are not opened")
	}
	dir := t.TempDir()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(bin), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.UserDataDir(filepath.Join(dir, "profile")), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	defer stop()
	ctx, stop := chromedp.NewContext(alloc)
	defer stop()
	ctx, stop = context.WithTimeout(ctx, 3*time.Minute)
	defer stop()

	var mu sync.Mutex
	var complaints []string
	complain := func(format string, a ...any) {
		mu.Lock()
		defer mu.Unlock()
		complaints = append(complaints, fmt.Sprintf(format, a...))
	}
	err := chromedp.Listen(ctx, func(e any) {
		switch e := e.(type) {
		case *log.EventEntryAdded:
			complain("log: %s %s", e.Entry.Level, e.Entry.Text)
		case *runtime.EventConsoleAPICalled:
			complain("console: %s", e.Type)
		case *runtime.EventExceptionThrown:
			complain("exception: %s", e.ExceptionDetails.Text)
		case *network.EventRequestWillBeSent:
			if !strings.HasPrefix(e.Request.URL, "file://") || !strings.HasSuffix(e.Request.URL, ".html") {
				complain("request: %s", e.Request.URL)
			}
		}
	})
	if err != nil {
		t.Fatalf("the browser does not start: %v", err)
	}
	call(ctx, t, network.Enable, network.EnableParams{})
	call(ctx, t, log.Enable, cdp.Empty{})
	call(ctx, t, runtime.Enable, cdp.Empty{})
	for i := range len(cases) + 3 {
		for _, l := range locale.All() {
			var b bytes.Buffer
			var name string
			var err error
			switch i - len(cases) {
			case 0: // the night again, as a case
				f := findings(t, "night")
				name = "case." + string(l)
				err = HTML(&b, f, caseOptions(t, f, l))
			case 1:
				name = "chokepoints." + string(l)
				err = ChokepointsHTML(&b, chokeAnswer(t), 0, "index.html", l)
			case 2:
				name = "chokepoints-all." + string(l)
				err = chokepointsIndex(&b, chokeAnswer(t), l)
			default:
				name = cases[i].name + "." + string(l)
				err = HTML(&b, cases[i].make(), options(l))
			}
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(dir, name+".html")
			if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			where := (&url.URL{Scheme: "file", Path: file}).String()
			complaints = nil
			if err := chromedp.Do(ctx, chromedp.Navigate(where)); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			for _, wide := range []int64{320, 360, 768, 1440} {
				for _, theme := range []string{"light", "dark"} {
					over := look(ctx, t, wide, theme)
					mu.Lock()
					for _, s := range append(complaints, over...) {
						t.Errorf("%s at %d px, %s: %s", name, wide, theme, s)
					}
					complaints = nil
					mu.Unlock()
				}
			}
		}
	}
	// On paper: A4, and not a book.
	where := (&url.URL{Scheme: "file", Path: filepath.Join(dir, "night.en.html")}).String()
	if err := chromedp.Do(ctx, chromedp.Navigate(where)); err != nil {
		t.Fatalf("print: %v", err)
	}
	pdf, err := chromedp.Run(ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize(), chromedp.PDFPrintBackground()))
	if err != nil {
		t.Fatalf("print: %v", err)
	}
	if n := bytes.Count(pdf, []byte("/Type /Page\n")); n > 9 {
		t.Errorf("%d pages of A4", n)
	}
}

// look sets width and theme of the open page and returns what reaches beyond
// the right edge, with every folded part opened.
func look(ctx context.Context, t *testing.T, wide int64, theme string) []string {
	t.Helper()
	call(ctx, t, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: wide, Height: 900, DeviceScaleFactor: 1, Mobile: wide < 700})
	call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}})
	over, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`document.querySelectorAll('details').forEach(d => d.open = true);
(() => {
  const w = document.documentElement.clientWidth, out = [];
  if (document.documentElement.scrollWidth > w) out.push('the page is ' + document.documentElement.scrollWidth + ' px wide');
  for (const e of document.body.querySelectorAll('*')) {
    const r = e.getBoundingClientRect();
    if (r.width && r.right > w + 1 && !e.closest('.scroll') && !e.closest('pre') && !e.closest('.skip') && out.length < 5)
      out.push(e.tagName + '.' + (e.getAttribute('class') || '') + ' ends at ' + Math.round(r.right) + ': ' + e.textContent.slice(0, 40));
  }
  for (const e of document.querySelectorAll('.keys b, .keys span, h1, figcaption, caption, .iv p span, .key li'))
    if (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline' && out.length < 5)
      out.push('text wider than its box: ' + e.textContent.slice(0, 40));
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
  for (let n = texts.nextNode(); n; n = texts.nextNode())
    for (const m of n.data.matchAll(/(?:\d+(?:\.\d+){3}|[0-9a-f]*:[0-9a-f:]+)\/\d+/g)) {
      range.setStart(n, m.index); range.setEnd(n, m.index + m[0].length);
      if (new Set([...range.getClientRects()].map(r => Math.round(r.top))).size > 1 && out.length < 5) out.push('a prefix broken between lines: ' + m[0]);
    }
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  const paper = getComputedStyle(document.body).backgroundColor;
  if (paper !== (dark ? 'rgb(20, 23, 26)' : 'rgb(252, 251, 248)')) out.push('the paper is ' + paper);
  const key = document.querySelector('.sw.gone');
  const gone = key ? getComputedStyle(key).backgroundColor : 'none of these';
  for (const e of document.querySelectorAll('.blind'))
    if (getComputedStyle(e).backgroundImage.includes(gone) && out.length < 5) out.push('a hatch in the colour of gone');
  return out;
})()`))
	if err != nil {
		t.Fatalf("at %d px: %v", wide, err)
	}
	return over
}

func call[P, R any](ctx context.Context, t *testing.T, cmd cdp.Command[P, R], params P) {
	t.Helper()
	if _, err := chromedp.Call(ctx, cmd, params); err != nil {
		t.Fatalf("%s: %v", cmd.Method, err)
	}
}
