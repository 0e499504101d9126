// Command koira runs a small business's marketing from Slack.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"koira/bot/app"
	"koira/engine"
)

// cli lists the commands; each is in the file of its name.
var cli struct {
	Run      runCmd      `cmd:"" help:"Run the bot in your Slack workspace."`
	Demo     demoCmd     `cmd:"" help:"Watch it work in your browser: a simulated audience on a fast clock. Needs no key and no account."`
	Simulate simulateCmd `cmd:"" help:"Run seeded histories with failing channels, crashes and people, and hold what must always hold."`
	Import   importCmd   `cmd:"" help:"Apply a changed config file; shows the difference first."`
	Verify   verifyCmd   `cmd:"" help:"Check that the audit log is whole, and that the store is what it says; reads only."`
	Export   exportCmd   `cmd:"" help:"Write the audit log out, as JSON lines or CSV; reads only."`
	Doctor   doctorCmd   `cmd:"" help:"Check every part, and say what to do about a failure."`
	Health   healthCmd   `cmd:"" help:"Say in one line whether a running koira is alive; for containers."`
	Manifest manifestCmd `cmd:"" help:"Print the Slack app manifest."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

func main() {
	syscall.Umask(0o077) // whatever is written here is nobody else's business
	ctx, stop := untilSignal(os.Exit)
	defer stop()
	k := kong.Parse(&cli, kong.Name("koira"), kong.Description("Autonomous marketing in Slack, as free as you allow it to be."), kong.UsageOnError())
	k.BindTo(ctx, (*context.Context)(nil))
	k.BindTo(os.Stdout, (*io.Writer)(nil))
	if err := k.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "koira:", sentence(err))
		os.Exit(1)
	}
}

// untilSignal returns a context that ends at the first SIGINT or SIGTERM, so that what is on the wire can finish; a second one kills.
func untilSignal(exit func(int)) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		fmt.Fprintln(os.Stderr, "koira: stopping; finishing what is on the wire (once more to kill)")
		cancel()
		<-signals
		exit(130)
	}()
	return ctx, cancel
}

// sentence is what an operator reads of an error: what to do, and the cause for whoever asks further.
func sentence(err error) string {
	var e *engine.Error
	if errors.As(err, &e) && e.Code != engine.CodeInternal {
		if e.Err != nil {
			return app.Mask(fmt.Sprintf("%s\n  cause: %v", e.Message, e.Err))
		}
		return e.Message
	}
	return app.Mask(err.Error())
}

// wall is the machine's clock, the only one in the program.
type wall struct{}

func (wall) Now() time.Time { return time.Now() }

func (wall) Wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
