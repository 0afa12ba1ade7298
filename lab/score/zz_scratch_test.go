package score

import (
	"context"
	"os"
	"testing"

	"constat/proof"
)

func TestZZScratch(t *testing.T) {
	xs, err := Recordings(context.Background(), os.Getenv("REC"), proof.Clear())
	if err != nil {
		t.Fatal(err)
	}
	_ = WriteRecordings(os.Stdout, xs)
}
