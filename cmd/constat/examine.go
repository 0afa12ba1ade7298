package main

type examineCmd struct{}
