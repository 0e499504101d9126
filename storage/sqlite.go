package storage

/*
#cgo linux LDFLAGS: -Wl,--unresolved-symbols=ignore-in-object-files
#cgo darwin LDFLAGS: -Wl,-undefined,dynamic_lookup

#ifdef __linux__
#include <malloc.h>
#endif

// What is needed of SQLite's header; the driver brings the code.
typedef struct sqlite3 sqlite3;
int sqlite3_auto_extension(void (*)(void));
int sqlite3_db_config(sqlite3 *, int, ...);
int sqlite3_config(int, ...);
#define SQLITE_CONFIG_MEMSTATUS 9
#define SQLITE_DBCONFIG_ENABLE_QPSG 1007

static int stable(sqlite3 *db, char **err, const void *api) {
	return sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_QPSG, 1, (int *)0);
}

static int stable_plans(void) { return sqlite3_auto_extension((void (*)(void))stable); }

static int uncounted(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

static void one_arena(void) {
#ifdef M_ARENA_MAX
	mallopt(M_ARENA_MAX, 1);
#endif
}
*/
import "C"

import "fmt"

// What SQLite is told once, before any connection is opened, because neither the driver nor a pragma can say it.
//
// Every connection makes a statement's plan without regard to the values that are bound to it (sqlite.org/c3ref, SQLITE_DBCONFIG_ENABLE_QPSG).
// Otherwise SQLite compiles most statements with a condition or a limit anew at each use, because the driver clears what is bound between two
// uses: that was a fifth of the time of everything.
//
// It keeps no account of the memory that it takes (sqlite.org/c3ref, SQLITE_CONFIG_MEMSTATUS): nobody reads it, and all connections wait for each
// other to write it, which cost two stores in one program a seventh of their time.
//
// glibc's malloc keeps a pool for each thread that calls C, and Go calls it from any: one for all of them holds some megabytes less, and there is
// one writer anyhow.
func init() {
	if code := C.uncounted(); code != 0 {
		panic(fmt.Sprintf("sqlite3_config: %d", code))
	}
	if code := C.stable_plans(); code != 0 {
		panic(fmt.Sprintf("sqlite3_auto_extension: %d", code))
	}
	C.one_arena()
}
