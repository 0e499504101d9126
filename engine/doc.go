// Package engine holds the nouns and the ports; everything else in koira is written in its words. It imports the standard library only,
// and none of koira's packages.
//
// # The tour
//
// What people own is the [Strategy]: facts with dates, segments, themes, offers, calls to action and the [Voice]. koira reads it and never
// writes it. A [Task] is one repeatable job on one channel for one segment. It stands at a [Level]; what a level lets happen by itself is
// its [Rung], and [Cap] is the highest that a task may ever hold, with the reasons.
//
// One trip of a task through the loop makes one [Output]. Its life is a [State] and the table behind [CanMove]; every change of it is a
// [Move] from a state that the mover saw. [DigestOf] hashes what a person approves: the rendered bytes, where they go, when, and what they
// may cost. A yes is an [Approval] of that [Digest], and an owner's yes to a whole level is a [Grant].
//
// A [Gate] decides pass, warn or block over a [View], which is all that it may look at, read in one transaction. The limits that it holds
// are the [Guardrails]; what one rule said is a [Finding]. Money is counted in a [Balance] of [Entry] rows: reserved before the call, spent
// or released after it. Each limit on it is a [MoneyCap] as one piece stands against it; what an owner allows a single piece on top is a
// [Rise], and what people hear of a limit is an [Alert].
//
// A delivery is a [Send]. What is written down before anything leaves the machine is an [Intent], what came of it is a [Result], and an
// output's state derives from its sends ([Derive]). [Traits.Resend] says when a send of unknown outcome may be repeated at all. How a channel
// fares is a [Breaker]: too much that fails in a row pauses it.
//
// People change limits and levels; where that gives koira more room, it is a [Request] that an owner starts and a second person signs.
//
// What only people can settle is an [Exception]. What koira changed by itself, or proposes, is a [Decision], resting on a [Belief] about
// each arm of [Arms]. What there is to tell is a [Notice], drawn later from how things stand then. Everything that happened is an [Event],
// chained by [Event.Sum]. The newest one is the log's [Head], and a [Replay] is what the log alone tells of how things stand.
//
// The outside is reached through [Channel], [Meter], [Writer], [Judge] and [Clock]. What a judge thinks of one version is a [Judgement], which may
// only warn. A failure is an [Error]: a [Code] for programs, a sentence for people, a cause for the log.
//
// # Where the rest is
//
// guard is the gate's rules, trust the arithmetic of the track record, learn what is believed of times and themes; all three are pure.
// loop is what koira does, desk what people do, report what people ask to see. render, writer, channel and meter are the edges, schedule
// wakes the loop, and enginetest holds the suites that every channel and meter must pass.
package engine
