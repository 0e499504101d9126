package blocks

import (
	"time"

	"github.com/slack-go/slack"

	"koira/engine"
	"koira/engine/desk"
	"koira/engine/report"
)

func Piece(v report.PieceView) Message                            { return Message{} }
func Superseded(v report.PieceView) Message                       { return Message{} }
func Result(v report.PieceView) Message                           { return Message{} }
func Whole(v report.PieceView) bool                               { return true }
func WholeText(v report.PieceView) (filename, title, text string) { return "", "", "" }
func Exception(v report.ExceptionView) Message                    { return Message{} }
func Level(d report.DecisionView, t report.TaskView) Message      { return Message{} }
func Stopped(v report.Stopped) Message                            { return Message{} }
func Waits(v report.Stopped) Message                              { return Message{} }
func Weekly(v report.Weekly) Message                              { return Message{} }
func Daily(v report.Daily) Message                                { return Message{} }
func Home(v report.Home, viewer engine.Role) slack.HomeTabViewRequest {
	return slack.HomeTabViewRequest{}
}
func Status(v report.Status) Message                                           { return Message{} }
func Queue(v report.Queue) Message                                             { return Message{} }
func Exceptions(v report.Exceptions) Message                                   { return Message{} }
func Log(v report.OutputLog) Message                                           { return Message{} }
func Decisions(v report.Decisions) Message                                     { return Message{} }
func Budget(v report.Budget) Message                                           { return Message{} }
func Autonomy(v report.Autonomy) Message                                       { return Message{} }
func Task(v report.TaskView, viewer engine.Role) Message                       { return Message{} }
func Guardrails(v report.GuardrailView) Message                                { return Message{} }
func RuleChanged(c desk.Change, currency string) Message                       { return Message{} }
func WhyNot(v report.WhyNot) Message                                           { return Message{} }
func Help(commands []Command, asker engine.Role, people engine.People) Message { return Message{} }
func Say(text string, who ...string) Message                                   { return Message{} }

type Command struct {
	Usage, Help string
	Least       engine.Role
}

func OpeningWindow(title string) slack.ModalViewRequest { return slack.ModalViewRequest{} }
func SayWindow(title, text string, who ...string) slack.ModalViewRequest {
	return slack.ModalViewRequest{}
}
func EditWindow(v report.PieceView, at Place) slack.ModalViewRequest { return slack.ModalViewRequest{} }
func RejectWindow(v report.PieceView, at Place) slack.ModalViewRequest {
	return slack.ModalViewRequest{}
}
func TimeWindow(v report.PieceView, at Place) slack.ModalViewRequest { return slack.ModalViewRequest{} }
func NowWindow(v report.PieceView, at Place) slack.ModalViewRequest  { return slack.ModalViewRequest{} }
func ReadWindow(v report.PieceView, at Place) slack.ModalViewRequest { return slack.ModalViewRequest{} }
func WhyWindow(v report.PieceView) slack.ModalViewRequest            { return slack.ModalViewRequest{} }
func DetailsWindow(v report.PieceView) slack.ModalViewRequest        { return slack.ModalViewRequest{} }
func RuleWindow(v report.WhyNot) slack.ModalViewRequest              { return slack.ModalViewRequest{} }
func PostedWindow(v report.PieceView, at Place) slack.ModalViewRequest {
	return slack.ModalViewRequest{}
}
func LiveWindow(v report.PieceView, at Place) slack.ModalViewRequest { return slack.ModalViewRequest{} }
func ResendWindow(v report.PieceView, at Place) slack.ModalViewRequest {
	return slack.ModalViewRequest{}
}
func DropWindow(v report.PieceView, at Place) slack.ModalViewRequest { return slack.ModalViewRequest{} }
func DropMissedWindow(v report.ExceptionView, at Place) slack.ModalViewRequest {
	return slack.ModalViewRequest{}
}
func HowWindow(v report.ExceptionView) slack.ModalViewRequest { return slack.ModalViewRequest{} }
func LevelWindow(p desk.Proposal, v report.TaskView, at Place) slack.ModalViewRequest {
	return slack.ModalViewRequest{}
}
func LoosenWindow(c desk.Change, currency string, at Place) slack.ModalViewRequest {
	return slack.ModalViewRequest{}
}
func ResumeWindow(v report.Stopped, at Place) slack.ModalViewRequest { return slack.ModalViewRequest{} }
func ResumeTaskWindow(v report.TaskView, at Place) slack.ModalViewRequest {
	return slack.ModalViewRequest{}
}
func StopWindow(v report.Stopped) slack.ModalViewRequest { return slack.ModalViewRequest{} }

func ReadEdit(v slack.View) ([]engine.Variant, error)               { return nil, nil }
func ReadReject(v slack.View) Rejecting                             { return Rejecting{} }
func ReadTime(v slack.View, zone *time.Location) (time.Time, error) { return time.Time{}, nil }
func ReadLink(v slack.View) string                                  { return "" }
func ReadNote(v slack.View) string                                  { return "" }
func ReadChecked(v slack.View) bool                                 { return false }

type Rejecting struct {
	Reason, Note  string
	Severe, Again bool
}

var menuRows = []struct {
	id    ID
	label string
}{{IDWhy, "Why this one…"}, {IDTime, "Another time…"}, {IDNow, "Publish now…"}, {IDDetails, "Details…"}, {IDRule, "Why this rule…"}}
