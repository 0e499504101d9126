package storage

/*
#cgo linux LDFLAGS: -Wl,--unresolved-symbols=ignore-in-object-files
#cgo darwin LDFLAGS: -Wl,-undefined,dynamic_lookup

typedef struct sqlite3 sqlite3;
int sqlite3_auto_extension(void (*)(void));
int sqlite3_db_config(sqlite3 *, int, ...);

static int stable(sqlite3 *db, char **err, const void *api) { return sqlite3_db_config(db, 1007, 1, (int *)0); }
static int koira_stable_plans(void) { return sqlite3_auto_extension((void (*)(void))stable); }
*/
import "C"

func init() {
	if C.koira_stable_plans() != 0 {
		panic("sqlite3_auto_extension")
	}
}
