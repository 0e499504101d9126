// Package storage keeps everything in one SQLite file. It implements the stores that engine's steps, bot and report ask for; nothing
// outside this package sees a driver's type or writes SQL.
package storage

import (
	"context"
	"time"

	"koira/engine"
)

// Options is what a DB is opened with.
type Options struct {
	Path  string       // of the file; its folder must exist
	NewID engine.NewID // ids of the rows that the store makes itself
}

// DB is the open store. Its methods are safe for concurrent use; each is at most one transaction.
type DB struct{}

// Open opens or creates the file, migrates it and checks that it is safe to use: lock, modes, pragmas, SQLite's version. A second process
// gets code conflict within a second.
func Open(ctx context.Context, o Options) (*DB, error) { panic("unwritten") }

func (db *DB) Close() error { panic("unwritten") }

// ---- strategy.go

// Strategy returns the newest version; code not_found before the first.
func (db *DB) Strategy(ctx context.Context) (engine.Strategy, error) { panic("unwritten") }

// SetStrategy writes the next version and returns it; when nothing differs it writes nothing and returns the current one.
func (db *DB) SetStrategy(ctx context.Context, s engine.Strategy, by engine.Actor, at time.Time, why string) (int, error) {
	panic("unwritten")
}

// ---- guardrails.go

// Guardrails returns the version in force; code not_found before the first.
func (db *DB) Guardrails(ctx context.Context) (engine.Guardrails, error) { panic("unwritten") }

// SetGuardrails puts g in force as version from+1; code conflict when the version in force is not from (0: none yet).
func (db *DB) SetGuardrails(ctx context.Context, from int, g engine.Guardrails, by engine.Actor, at time.Time, why string) error {
	panic("unwritten")
}

// GuardrailChanges returns the newest changes first.
func (db *DB) GuardrailChanges(ctx context.Context, limit int) ([]engine.GuardrailChange, error) {
	panic("unwritten")
}

// ---- control.go

// Control returns the zero Control before anybody stopped anything.
func (db *DB) Control(ctx context.Context) (engine.Control, error) { panic("unwritten") }

// SetControl stops or resumes everything; it writes an event and a control notice. Setting the same Stopped again gives code conflict and changes nothing.
func (db *DB) SetControl(ctx context.Context, c engine.Control, by engine.Actor, at time.Time) error {
	panic("unwritten")
}

// Setting returns "" for a key that was never set.
func (db *DB) Setting(ctx context.Context, key string) (string, error) { panic("unwritten") }
func (db *DB) SetSetting(ctx context.Context, key, value string) error { panic("unwritten") }

// ---- tasks.go

// Tasks returns all tasks by id.
func (db *DB) Tasks(ctx context.Context) ([]engine.Task, error) { panic("unwritten") }

// Task has code not_found for an unknown id.
func (db *DB) Task(ctx context.Context, id string) (engine.Task, error) { panic("unwritten") }

// PutTask adds t, or updates what people set of it: never Level, Paused or LoweredAt of a task that exists.
func (db *DB) PutTask(ctx context.Context, t engine.Task, by engine.Actor, at time.Time, why string) error {
	panic("unwritten")
}

// ChangeTask applies c; see engine.TaskChange.
func (db *DB) ChangeTask(ctx context.Context, c engine.TaskChange) error { panic("unwritten") }

// Grant returns the grant in force of a task, nil when there is none.
func (db *DB) Grant(ctx context.Context, task string) (*engine.Grant, error) { panic("unwritten") }

// ---- outputs.go

// AddOutput writes a planned output and its event. Code conflict when a koira-planned output that is not rejected, expired, cancelled or failed
// already stands at that task and slot, so that planning twice plans once.
func (db *DB) AddOutput(ctx context.Context, o engine.Output, by engine.Actor) error {
	panic("unwritten")
}

// Output returns it with variants and findings; code not_found.
func (db *DB) Output(ctx context.Context, id string) (engine.Output, error) { panic("unwritten") }

// Outputs returns what f chooses, with variants and findings.
func (db *DB) Outputs(ctx context.Context, f engine.OutputFilter) ([]engine.Output, error) {
	panic("unwritten")
}

// CountOutputs returns how many outputs f chooses, by state, ignoring its Limit.
func (db *DB) CountOutputs(ctx context.Context, f engine.OutputFilter) (map[engine.State]int, error) {
	panic("unwritten")
}

// Move does m; see engine.Move. With a Gate it returns the gate's verdict, also beside code blocked.
func (db *DB) Move(ctx context.Context, m engine.Move) (engine.Verdict, error) { panic("unwritten") }

// View returns what a gate would see of the output now: for previews and for why-not. It changes nothing.
func (db *DB) View(ctx context.Context, id string, stage engine.Stage, now time.Time) (engine.View, error) {
	panic("unwritten")
}

// ---- sends.go

// Claim clears an output for the wire in one immediate transaction: it reads the view, runs gate on it, checks or makes the reservation, moves
// scheduled → publishing, makes the sends on the first claim and saves their intents with a new fence. Code conflict when somebody else was first
// or the digest moved, blocked when gate blocks (nothing is changed).
func (db *DB) Claim(ctx context.Context, id string, digest engine.Digest, at time.Time, gate engine.Gate) ([]engine.Intent, engine.Verdict, error) {
	panic("unwritten")
}

// Prepared saves the ref of an invisible draft; code conflict when the fence is old.
func (db *DB) Prepared(ctx context.Context, send string, fence int, ref engine.Ref) error {
	panic("unwritten")
}

// Apply writes the result of one attempt and moves the output to what its sends derive to; code conflict when the fence is old or the
// send is not in publishing, unconfirmed or retracting. Money is committed or released with the move.
func (db *DB) Apply(ctx context.Context, r engine.Result) error { panic("unwritten") }

// Sends returns an output's sends.
func (db *DB) Sends(ctx context.Context, output string) ([]engine.Send, error) { panic("unwritten") }

// SendsIn returns all sends in these states, oldest claim first.
func (db *DB) SendsIn(ctx context.Context, states ...engine.SendState) ([]engine.Send, error) {
	panic("unwritten")
}

// Intent rebuilds the committed intent of a claimed send, with its present fence: for probes and retractions.
func (db *DB) Intent(ctx context.Context, send string) (engine.Intent, error) { panic("unwritten") }

// ---- reviews.go

// Approval returns the newest approval of that digest, nil when there is none.
func (db *DB) Approval(ctx context.Context, output string, d engine.Digest) (*engine.Approval, error) {
	panic("unwritten")
}

// Reviews returns what people said of a task's pieces since then, oldest first; task "" means all.
func (db *DB) Reviews(ctx context.Context, task string, since time.Time) ([]engine.Review, error) {
	panic("unwritten")
}

// Rejections returns the newest first; task "" means all.
func (db *DB) Rejections(ctx context.Context, task string, limit int) ([]engine.Rejection, error) {
	panic("unwritten")
}

// ---- exceptions.go

// OpenException opens e and queues its card, unless one is open for its kind and subject: then it changes nothing.
func (db *DB) OpenException(ctx context.Context, e engine.Exception) error { panic("unwritten") }

// CloseException closes it and queues its card's update; code conflict when it is closed already, not_found when there is none.
func (db *DB) CloseException(ctx context.Context, id string, by engine.Actor, at time.Time, outcome string) error {
	panic("unwritten")
}

// Exception returns one by id, also a closed one.
func (db *DB) Exception(ctx context.Context, id string) (engine.Exception, error) { panic("unwritten") }

// OpenExceptions returns all open ones, oldest first.
func (db *DB) OpenExceptions(ctx context.Context) ([]engine.Exception, error) { panic("unwritten") }

// ---- decisions.go

// Decisions returns the newest first, of one task or of all (""), made since then.
func (db *DB) Decisions(ctx context.Context, task string, since time.Time, limit int) ([]engine.Decision, error) {
	panic("unwritten")
}

// Decision has code not_found.
func (db *DB) Decision(ctx context.Context, id string) (engine.Decision, error) { panic("unwritten") }

// RevertDecision marks it as reverted; code conflict when it is already, or cannot be.
func (db *DB) RevertDecision(ctx context.Context, id string, by engine.Actor, at time.Time) error {
	panic("unwritten")
}

// ---- beliefs.go

// Beliefs returns what a task believes; Picks what it favours.
func (db *DB) Beliefs(ctx context.Context, task string) ([]engine.Belief, error) { panic("unwritten") }
func (db *DB) Picks(ctx context.Context, task string) ([]engine.Pick, error)     { panic("unwritten") }

// Learn replaces a task's beliefs and the given picks and adds the decisions that moved them, in one transaction.
func (db *DB) Learn(ctx context.Context, task string, b []engine.Belief, p []engine.Pick, d []engine.Decision) error {
	panic("unwritten")
}

// ---- observations.go

// DueReads returns the published or settled sends whose NextRead is set and not after t.
func (db *DB) DueReads(ctx context.Context, t time.Time) ([]engine.Send, error) { panic("unwritten") }

// SaveReadings stores readings (a reading that is not newer, or not different, changes nothing) and each send's next reading time (zero ends
// its measuring), and queues a result notice for each output whose values changed.
func (db *DB) SaveReadings(ctx context.Context, obs []engine.Observation, next map[string]time.Time) error {
	panic("unwritten")
}

// Readings returns the newest value of each metric of one output, summed over its sends.
func (db *DB) Readings(ctx context.Context, output string) (map[engine.Metric]int64, error) {
	panic("unwritten")
}

// Performance returns, for each output published before to, what it brought in [from, to): the difference of cumulative readings. Outputs
// that brought nothing and were published before from are left out. Task "" means all.
func (db *DB) Performance(ctx context.Context, task string, from, to time.Time) ([]engine.Performance, error) {
	panic("unwritten")
}

// ---- ledger.go

// Balance sums a week; BalanceByTask the same by task ("" for what belongs to none).
func (db *DB) Balance(ctx context.Context, week string) (engine.Balance, error) { panic("unwritten") }
func (db *DB) BalanceByTask(ctx context.Context, week string) (map[string]engine.Balance, error) {
	panic("unwritten")
}

// Charge writes a charge: money that is already spent, such as a model call.
func (db *DB) Charge(ctx context.Context, e engine.Entry) error { panic("unwritten") }

// Entries returns an output's entries, oldest first; output "" returns everything.
func (db *DB) Entries(ctx context.Context, output string) ([]engine.Entry, error) { panic("unwritten") }

// ---- events.go

// Record appends an event; Seq, Prev and Hash are given by the store.
func (db *DB) Record(ctx context.Context, e engine.Event) error { panic("unwritten") }

// Events returns events after seq, oldest first.
func (db *DB) Events(ctx context.Context, after int64, limit int) ([]engine.Event, error) {
	panic("unwritten")
}

// Head returns the newest event's number and hash.
func (db *DB) Head(ctx context.Context) (seq int64, hash string, err error) { panic("unwritten") }

// VerifyEvents recomputes the chain; the error names the first broken row.
func (db *DB) VerifyEvents(ctx context.Context) (n int64, err error) { panic("unwritten") }

// ---- outbox.go

// AddNotice queues n, merging it into an unsent one of the same kind and subject.
func (db *DB) AddNotice(ctx context.Context, n engine.Notice) error { panic("unwritten") }

// DueNotices returns unsent notices that are due, oldest first.
func (db *DB) DueNotices(ctx context.Context, t time.Time, limit int) ([]engine.Notice, error) {
	panic("unwritten")
}

// SentNotice marks n as sent, unless it was merged into after it was read (it then stays due), and saves the cards that were posted or edited.
func (db *DB) SentNotice(ctx context.Context, n engine.Notice, cards ...engine.Card) error {
	panic("unwritten")
}

// DelayNotice puts n off after a failure.
func (db *DB) DelayNotice(ctx context.Context, n engine.Notice, due time.Time, why string) error {
	panic("unwritten")
}

// Cards returns the cards posted for a subject, oldest first. SaveCard writes or replaces one (by channel and ts).
func (db *DB) Cards(ctx context.Context, kind engine.NoticeKind, subject string) ([]engine.Card, error) {
	panic("unwritten")
}
func (db *DB) SaveCard(ctx context.Context, c engine.Card) error { panic("unwritten") }

// ---- inbox.go

// Receive writes a delivery down, durably; false when its key is known already.
func (db *DB) Receive(ctx context.Context, d engine.Delivery) (fresh bool, err error) {
	panic("unwritten")
}

// PendingDeliveries returns those that are not done, oldest first.
func (db *DB) PendingDeliveries(ctx context.Context, limit int) ([]engine.Delivery, error) {
	panic("unwritten")
}

// FinishDelivery marks a delivery as done; why is "" or what went wrong for good.
func (db *DB) FinishDelivery(ctx context.Context, key string, at time.Time, why string) error {
	panic("unwritten")
}

// TrimDeliveries forgets done deliveries that came before t.
func (db *DB) TrimDeliveries(ctx context.Context, t time.Time) error { panic("unwritten") }
