package bot

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"
)

// What Slack answers to a message that it does not take, by what is to be done about it. Any other answer is waited out.
var (
	// gone is a message that nobody can change any more.
	gone = []string{"message_not_found", "cant_update_message", "edit_window_closed"}
	// threadGone is a message under which nothing can stand any more, and may have been deleted.
	threadGone = []string{"thread_not_found", "cannot_reply_to_message"}
	// shut is a channel that takes none of koira's messages.
	shut = []string{
		"channel_not_found", "not_in_channel", "is_archived", "restricted_action", "restricted_action_read_only_channel",
		"restricted_action_thread_only_channel", "is_inactive", "access_denied", "no_permission",
	}
	// unfit is a message that may be taken when it is drawn more plainly.
	unfit = []string{
		"invalid_blocks", "invalid_blocks_format", "msg_too_long", "msg_blocks_too_long", "metadata_too_large", "invalid_metadata_format",
		"invalid_metadata_schema", "no_text", "markdown_text_conflict",
	}
	// unwell is Slack's own trouble, which passes.
	unwell = []string{
		"ratelimited", "rate_limited", "message_limit_exceeded", "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org",
	}
)

// patience is how often a notice is tried before what Slack refuses for good becomes an exception.
const patience = 5

// refusedWith returns Slack's code of a refusal, "" when err is none: then Slack was not reached, or is unwell.
func refusedWith(err error) string {
	var r slack.SlackErrorResponse
	if !errors.As(err, &r) || slices.Contains(unwell, r.Err) {
		return ""
	}
	return r.Err
}

func isGone(err error) bool       { return slices.Contains(gone, refusedWith(err)) }
func isThreadGone(err error) bool { return slices.Contains(threadGone, refusedWith(err)) }
func isShut(err error) bool       { return slices.Contains(shut, refusedWith(err)) }
func isUnfit(err error) bool      { return slices.Contains(unfit, refusedWith(err)) }

// hopeless reports whether asking again gets the same answer, as far as anybody can tell. A token that is not taken is the operator's to mend, for
// all cards at once.
func hopeless(err error) bool {
	code := refusedWith(err)
	return code != "" && !isGone(err) && !slices.Contains(never, code)
}

// slackSays is what people read of a refusal.
func slackSays(err error) string {
	if code := refusedWith(err); code != "" {
		return "Slack says " + code + "."
	}
	return "Slack did not take it."
}

// unfitness is err with what Slack says of each block.
func unfitness(err error) error {
	var r slack.SlackErrorResponse
	if errors.As(err, &r) && len(r.ResponseMetadata.Messages) > 0 {
		return fmt.Errorf("%w: %s", err, strings.Join(r.ResponseMetadata.Messages, "; "))
	}
	return err
}
