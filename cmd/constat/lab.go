package main

// labCmd holds the verbs that make inputs.
type labCmd struct {
	Gen labGenCmd `cmd:"" help:"Make a large table dump or updates out of the attributes of a real file."`
}
