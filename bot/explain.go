package bot

import (
	"errors"

	"koira/blocks"
	"koira/engine"
)

// unexplained stands for every fault that is not the asker's. A press may have done its work before it failed, so it does not claim that nothing
// happened.
const unexplained = "That failed on my side; the log has the details. Look at /koira status before you try again, or /koira stop."

// explain turns an error into what its asker reads, and the ids of the people whom that names: the sentence that it carries, never its cause.
func explain(err error) (text string, who []string) {
	var e *engine.Error
	if errors.As(err, &e) && e.Code != engine.CodeInternal && e.Message != "" {
		return e.Message, e.Who
	}
	return unexplained, nil
}

// sorry is explain as a message for the asker alone.
func sorry(err error) blocks.Message {
	text, who := explain(err)
	return blocks.Say(text, who...)
}

// fieldOf returns the input that err is about, "" when it is about none.
func fieldOf(err error) string {
	var e *engine.Error
	if errors.As(err, &e) && e.Code == engine.CodeInvalid {
		return e.Field
	}
	return ""
}
