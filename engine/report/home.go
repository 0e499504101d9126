package report

// Home is App Home: the five things, each with its count and three newest rows, then the tasks.
type Home struct {
	Status
	Exceptions Exceptions // three items
	Queue      Queue      // three items
	Log        OutputLog  // three rows: What I made
	Result     Change     // How it went: the last whole week
	Drivers    []Driver   // what moved it, three at most
	Changed    Decisions  // three rows: What I changed
	Changes    int        // how many in the last 28 days
	Budget     Budget     // this week
	Tasks      []TaskRow
}
