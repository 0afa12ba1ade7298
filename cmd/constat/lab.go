package main

type labCmd struct{}
