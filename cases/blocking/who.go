package blocking

import (
	"maps"
	"slices"

	"constat/judge/block"
	"constat/routes/atlas"
)

// Who asks the atlas who the networks on the paths are, and puts it into the input.
func Who(a *atlas.Atlas, in *block.Input) error {
	all := map[uint32]bool{}
	for _, rs := range [][]block.Route{in.Routes, in.Others, in.Controls} {
		for i := range rs {
			for _, as := range rs[i].Path {
				all[as] = true
			}
			for _, as := range rs[i].Origins {
				all[as] = true
			}
		}
	}
	for _, v := range in.Vantages {
		all[v.AS] = true
	}
	actors, err := a.Actors(slices.Sorted(maps.Keys(all)))
	if err != nil {
		return err
	}
	in.Countries = actors.Countries
	if atlas.HasRegister(actors.Registers, atlas.RegisterRelations) {
		in.Large = map[uint32]bool{}
		for _, as := range actors.Large {
			in.Large[as] = true
		}
	}
	number := map[string]uint32{}
	in.Operator = map[uint32]uint32{}
	for _, as := range slices.Sorted(maps.Keys(actors.Organisations)) {
		org := actors.Organisations[as]
		if number[org] == 0 {
			number[org] = as
		}
		in.Operator[as] = number[org]
	}
	return nil
}

// Networks are those registered in a country, of those on the routes and of the
// relations; l may be nil.
func Networks(a *atlas.Atlas, country string, in *block.Input, l *atlas.RelationList) ([]uint32, error) {
	all := map[uint32]bool{}
	for i := range in.Routes {
		for _, as := range in.Routes[i].Path {
			all[as] = true
		}
	}
	if l != nil {
		for _, x := range l.Links {
			all[x.A], all[x.B] = true, true
		}
	}
	actors, err := a.Actors(slices.Sorted(maps.Keys(all)))
	if err != nil {
		return nil, err
	}
	var out []uint32
	for as, c := range actors.Countries {
		if c == country {
			out = append(out, as)
		}
	}
	slices.Sort(out)
	return out, nil
}
