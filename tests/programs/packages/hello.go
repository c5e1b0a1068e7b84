package main

import (
	"fmt"
	"os"
)

func main() { fmt.Println("hello from Go,", len(os.Args), "arguments") }
