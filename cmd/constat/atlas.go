package main

type atlasCmd struct{}
