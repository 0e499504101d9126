package bot

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"koira/blocks"
	"koira/engine"
	"koira/engine/desk"
)

// click is one press of something that koira drew.
type click struct {
	asker
	key   string // of the envelope
	id    blocks.ID
	value string
	open  bool         // it was pressed in a message that others see too, which must be a card
	place blocks.Place // of that message; zero in App Home and in what only the asker sees
	post  string       // the id of the post that the message bears, "" for none; to be looked up, never trusted
	card  engine.Card  // the card that stands there, zero where none does
}

// button is what a press does. action is what the presser must be allowed at the least, before anything is opened or shown.
type button struct {
	action desk.Action
	run    func(*Bot, context.Context, click) error
}

// clicks has a row for each id that blocks draws. It is filled by init, since a menu looks its rows up in it.
var clicks map[blocks.ID]button

func init() {
	clicks = map[blocks.ID]button{
		blocks.IDApprove:  {desk.ActionApprove, (*Bot).approve},
		blocks.IDTakeBack: {desk.ActionTakeBack, (*Bot).takeBack},
		blocks.IDStopOne:  {desk.ActionTakeBack, (*Bot).takeBack},
		blocks.IDGood:     {desk.ActionApprove, (*Bot).looksGood},
		blocks.IDPutBack:  {desk.ActionApprove, (*Bot).putBack},
		blocks.IDPutAt:    {desk.ActionApprove, pieceWindow("Put it back", blocks.PutBackWindow)},
		blocks.IDSendRest: {desk.ActionApprove, pieceWindow("Send the rest?", blocks.SendRestWindow)},
		blocks.IDHalt:     {desk.ActionHalt, (*Bot).stopRest},
		blocks.IDOpen:     {desk.ActionLook, (*Bot).openPiece},

		blocks.IDEdit:    {desk.ActionEdit, pieceWindow("Edit", blocks.EditWindow)},
		blocks.IDReject:  {desk.ActionReject, pieceWindow("Reject", blocks.RejectWindow)},
		blocks.IDTime:    {desk.ActionReslot, pieceWindow("Another time", blocks.TimeWindow)},
		blocks.IDNow:     {desk.ActionApprove, pieceWindow("Publish now", blocks.NowWindow)},
		blocks.IDRead:    {desk.ActionApprove, (*Bot).readPiece},
		blocks.IDPosted:  {desk.ActionHand, pieceWindow("I published it", blocks.PostedWindow)},
		blocks.IDLive:    {desk.ActionResolve, pieceWindow("It is there", blocks.LiveWindow)},
		blocks.IDResend:  {desk.ActionResend, pieceWindow("Send again", blocks.ResendWindow)},
		blocks.IDDrop:    {desk.ActionResolve, pieceWindow("Drop it", blocks.DropWindow)},
		blocks.IDRetract: {desk.ActionRetract, pieceWindow("Take it down?", blocks.RetractWindow)},
		blocks.IDWhy:     {desk.ActionLook, pieceWindow("Why this one", placeless(blocks.WhyWindow))},
		blocks.IDDetails: {desk.ActionLook, pieceWindow("Details", placeless(blocks.DetailsWindow))},
		blocks.IDRule:    {desk.ActionLook, (*Bot).ruleWindow},
		blocks.IDPause:   {desk.ActionPause, pieceWindow("Pause the task", blocks.PauseWindow)},
		blocks.IDMenu:    {desk.ActionLook, (*Bot).menu},

		blocks.IDFixed:  {desk.ActionResolve, (*Bot).fixed},
		blocks.IDMissed: {desk.ActionResolve, exceptionWindow("Drop it", blocks.DropMissedWindow)},
		blocks.IDHow:    {desk.ActionLook, exceptionWindow("How to fix it", placeless(blocks.HowWindow))},

		blocks.IDOnce:       {desk.ActionOnce, (*Bot).pressOnce},
		blocks.IDLimitLower: {desk.ActionTighten, (*Bot).limitWindow},
		blocks.IDLimitRaise: {desk.ActionLoosen, (*Bot).limitWindow},

		blocks.IDTask:       {desk.ActionLook, (*Bot).openTask},
		blocks.IDResumeTask: {desk.ActionResumeTask, (*Bot).pressResumeTask},
		blocks.IDPauseTask:  {desk.ActionPause, (*Bot).pressPauseTask},
		blocks.IDLevel:      {desk.ActionLook, (*Bot).pressLevel},
		blocks.IDLower:      {desk.ActionLook, (*Bot).pressLevel},
		blocks.IDSnooze:     {desk.ActionSnooze, (*Bot).snooze},
		blocks.IDSeen:       {desk.ActionSee, (*Bot).seen},
		blocks.IDUndo:       {desk.ActionUndo, (*Bot).undo},
		blocks.IDApply:      {desk.ActionApply, (*Bot).apply},

		blocks.IDRules:  {desk.ActionLook, (*Bot).rulesWindow},
		blocks.IDLimit:  {desk.ActionLook, (*Bot).limitWindow},
		blocks.IDTurnOn: {desk.ActionTighten, (*Bot).pressTurnOn},
		blocks.IDLoosen: {desk.ActionLoosen, (*Bot).pressLoosen},
		blocks.IDSign:   {desk.ActionSign, (*Bot).pressSign},
		blocks.IDCancel: {desk.ActionCancel, (*Bot).pressCancel},

		blocks.IDWeek:     {desk.ActionLook, (*Bot).readWeek},
		blocks.IDNext:     {desk.ActionLook, (*Bot).nextInWeek},
		blocks.IDReadOn:   {desk.ActionLook, (*Bot).turnInWeek},
		blocks.IDPageBack: {desk.ActionLook, (*Bot).turnInWeek},

		blocks.IDStrategy:      {desk.ActionStrategy, (*Bot).strategyWindow},
		blocks.IDStrategyApply: {desk.ActionStrategy, (*Bot).pressStrategyApply},

		blocks.IDFactAdd:  {desk.ActionFacts, (*Bot).factWindow},
		blocks.IDFact:     {desk.ActionFacts, (*Bot).factWindow},
		blocks.IDFactTrue: {desk.ActionFacts, (*Bot).pressStillTrue},
		blocks.IDFactOff:  {desk.ActionFacts, (*Bot).pressFactOff},

		blocks.IDFactApply: {desk.ActionFacts, (*Bot).pressFactApply},

		blocks.IDStepAudit: {desk.ActionLook, stepShows((*Bot).audit)},
		blocks.IDStepGood:  {desk.ActionLook, stepShows((*Bot).good)},
		blocks.IDStepPath:  {desk.ActionLook, stepShows((*Bot).timeline)},
		blocks.IDStepHelp:  {desk.ActionLook, stepShows((*Bot).help)},
		blocks.IDStepWhat:  {desk.ActionLook, stepWindow("The what and the why", whatWindow)},
		blocks.IDStepFirst: {desk.ActionFirst, stepWindow("First tasks", blocks.FirstWindow)},
		blocks.IDStepDraft: {desk.ActionAsk, stepWindow("A first draft", blocks.DraftWindow)},

		blocks.IDAuditAdd:   {desk.ActionLook, (*Bot).workWindow},
		blocks.IDWorkAdd:    {desk.ActionLook, (*Bot).workWindow},
		blocks.IDWorkChange: {desk.ActionLook, (*Bot).workChangeWindow},
		blocks.IDMarket:     {desk.ActionLook, (*Bot).marketWindow},

		blocks.IDReturn:       {desk.ActionAway, (*Bot).pressReturn},
		blocks.IDWallVoice:    {desk.ActionLook, (*Bot).limitWindow},
		blocks.IDWallChannels: {desk.ActionLook, (*Bot).limitWindow},
		blocks.IDWallMinimums: {desk.ActionLook, (*Bot).limitWindow},
		blocks.IDWallGood:     {desk.ActionBenchmark, (*Bot).goodWindow},
		blocks.IDBenchmark:    {desk.ActionBenchmark, (*Bot).goodWindow},

		blocks.IDStop:   {desk.ActionStop, (*Bot).pressStop},
		blocks.IDResume: {desk.ActionResume, func(b *Bot, ctx context.Context, c click) error { return b.resumeAll(ctx, c.asker, c.place) }},
		blocks.IDPage:   {desk.ActionLook, (*Bot).turn},
		blocks.IDBack:   {desk.ActionLook, (*Bot).turn},
		blocks.IDLink:   {desk.ActionLook, func(*Bot, context.Context, click) error { return nil }}, // the browser has opened it
	}
}

// interaction carries out what somebody pressed or sent in.
func (b *Bot) interaction(ctx context.Context, d engine.Delivery, c slack.InteractionCallback) error {
	team := c.User.TeamID
	if team == "" {
		team = c.Team.ID
	}
	a := asker{channel: c.Channel.ID, reply: c.ResponseURL, trigger: c.TriggerID, ephemeral: c.Container.IsEphemeral, at: d.At}
	if c.View.Type == slack.VTModal {
		a.view = c.View.ID
		if m, err := blocks.ParseMeta(c.View.PrivateMetadata); err == nil {
			a.channel, a.meta = m.Channel, m
		}
	}
	a.actor, a.doubted = b.actor(ctx, c.User.ID, team)
	switch c.Type {
	case slack.InteractionTypeBlockActions:
		for _, act := range c.ActionCallback.BlockActions {
			p := click{asker: a, key: d.Key, id: blocks.ID(act.ActionID), value: act.Value, place: a.meta.Place()}
			if blocks.ID(act.ActionID) == blocks.IDMenu {
				p.value = act.SelectedOption.Value
			}
			if c.Container.Type != "view" && !c.Container.IsEphemeral {
				p.open, p.place, p.post = true, blocks.Place{Channel: c.Container.ChannelID, TS: c.Container.MessageTs}, postOf(c.Message)
			}
			if err := b.press(ctx, p); err != nil {
				b.fail(ctx, a, act.ActionID, err)
				return err
			}
		}
	case slack.InteractionTypeViewSubmission:
		return b.submission(ctx, submission{asker: a, key: d.Key, view: c.View})
	}
	return nil
}

// press finds what a press does and, before it does it, whether the presser may and whether the button belongs where it was pressed.
func (b *Bot) press(ctx context.Context, c click) error {
	does, ok := clicks[c.id]
	if !ok {
		return b.denied(ctx, c.asker, "press", short(string(c.id)), foreign("unknown action"))
	}
	if err := b.allowed(ctx, c.asker, does.action, c.subject()); err != nil {
		return err
	}
	var err error
	if c.card, err = b.bound(ctx, c); err != nil {
		return err
	}
	return does.run(b, ctx, c)
}

// subject is what the log names as the thing that was pressed for.
func (c click) subject() string {
	v, err := blocks.ParseValue(c.value)
	if err != nil {
		return string(c.id)
	}
	return v.ID
}

// looked is how long the card stood before the person pressed, 0 when that is not known.
func (b *Bot) looked(c engine.Card) time.Duration {
	if c.PostedAt.IsZero() {
		return 0
	}
	return max(0, b.Wall.Now().Sub(c.PostedAt))
}

// menu is a press of a row of a ⋯ menu: that of the button that it stands for.
func (b *Bot) menu(ctx context.Context, c click) error {
	id, v, err := blocks.ParseMenu(c.value)
	if err != nil || id == blocks.IDMenu {
		return b.denied(ctx, c.asker, "press", string(c.id), foreign("malformed menu row"))
	}
	c.id, c.value = id, v.String()
	return b.press(ctx, c)
}

// turn shows a page of a list.
func (b *Bot) turn(ctx context.Context, c click) error {
	v, err := blocks.ParsePageValue(c.value)
	if err != nil {
		return err
	}
	m, err := b.list(ctx, c.asker, v)
	if err != nil {
		return err
	}
	return b.show(ctx, c.asker, m)
}
