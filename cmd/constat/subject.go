package main

type subjectCmd struct{}
