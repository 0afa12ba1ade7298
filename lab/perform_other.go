//go:build !linux

package lab

import (
	"context"
	"errors"
)

// Requirements says what is missing to play scenarios on this machine.
func Requirements(...*Scenario) error {
	return errors.New("playing a scenario needs Linux, for its network namespaces")
}

func perform(context.Context, *Scenario, string, func(done, of int, what string)) (*Recording, error) {
	return nil, Requirements()
}
