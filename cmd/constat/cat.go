package main

type catCmd struct{}
