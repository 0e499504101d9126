package bot

import (
	"context"
	"errors"

	"koira/blocks"
	"koira/engine"
)

// unexplained stands for every fault that is not the asker's. A press may have done its work before it failed, so it does not claim that nothing
// happened.
const unexplained = "That failed on my side; the log has the details. Look at /koira status before you try again, or /koira stop."

// untouched stands for a fault that kept an act from changing anything: that is certain, since what an act changes is written at once.
const untouched = "That failed on my side; nothing changed, and nothing went out by it. Try again, or /koira stop."

// givenUp stands for what was begun again and again, and ended with the program each time.
const givenUp = "That failed on my side three times, so I leave it. Look at /koira status before you try again, or /koira stop."

// explain turns an error into what its asker reads, and the ids of the people whom that names: the sentence that it carries, never its cause.
func explain(ctx context.Context, err error) (text string, who []string) {
	var e *engine.Error
	if errors.As(err, &e) && e.Code != engine.CodeInternal && e.Message != "" {
		return e.Message, e.Who
	}
	if act := engine.ActOf(ctx); act != nil && !act.Changed() {
		return untouched, nil
	}
	return unexplained, nil
}

// sorry is explain as a message for the asker alone.
func sorry(ctx context.Context, err error) blocks.Message {
	text, who := explain(ctx, err)
	return blocks.Say(text, who...)
}

// fieldOf returns the input that err is about, "" when it is about none.
func fieldOf(err error) string {
	var e *engine.Error
	if errors.As(err, &e) && (e.Code == engine.CodeInvalid || e.Code == engine.CodeConflict) {
		return e.Field
	}
	return ""
}
