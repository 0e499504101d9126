package engine

import "strings"

const (
	// SettingFirst is the store's setting of the tasks with which an owner wants to begin: ids, a comma between them.
	SettingFirst = "first_tasks"
	// MostFirst is how many tasks an owner begins with at most: two or three, so that each gets its reviews.
	MostFirst = 3
	// StepsSubject is what the notice of the first steps is about: there is one list.
	StepsSubject = "first-steps"
)

// FirstTasks reads SettingFirst.
func FirstTasks(setting string) []string {
	if setting == "" {
		return nil
	}
	return strings.Split(setting, ",")
}
