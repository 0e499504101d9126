package main

import (
	"io"

	"koira/bot/app"
)

type manifestCmd struct{}

func (manifestCmd) Run(out io.Writer) error {
	_, err := out.Write(app.Manifest())
	return err
}
