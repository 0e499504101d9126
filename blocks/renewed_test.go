package blocks

import (
	"koira/engine"
	"koira/engine/report"
)

// renewed is the tasks whose record one change of the voice ended.
func (b bakery) renewed(tasks int) report.Renewed {
	v := report.Renewed{Frame: b.frame()}
	for range tasks {
		t := b.taskView()
		t.Task.Level, t.Lacks, t.Offer = engine.L3, b.s("0 of 20 reviewed", 100), &report.Offer{To: engine.L4, Missing: []string{b.s("a voice lock", 200)}}
		v.Tasks = append(v.Tasks, report.RenewedTask{TaskView: t, Counted: "17", Why: b.s("the voice changed", 200)})
	}
	return v
}
