// Command draw prints the picture of imports, from what `go list` reports:
//
//	go run ./internal/house/draw                              # as text
//	go run ./internal/house/draw -svg > docs/architecture.svg
//
// It exits with 1 if an import points upwards, and names it.
package main

import (
	"flag"
	"fmt"
	"os"

	"constat/internal/house"
)

func main() {
	svg := flag.Bool("svg", false, "draw every import, as SVG")
	flag.Parse()
	rooms, err := house.Rooms(".")
	if err != nil {
		fmt.Fprintln(os.Stderr, "draw:", err)
		os.Exit(2)
	}
	if *svg {
		fmt.Print(house.SVG(rooms))
	} else {
		fmt.Print(house.Text(rooms))
	}
	up := house.Up(rooms)
	for _, u := range up {
		fmt.Fprintln(os.Stderr, "draw: upwards:", u)
	}
	if len(up) > 0 {
		os.Exit(1)
	}
}
