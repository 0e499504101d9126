package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"reflect"
	"sync"

	"github.com/jmoiron/sqlx"
	"github.com/jmoiron/sqlx/reflectx"
	"github.com/mattn/go-sqlite3"
)

// The few statements that the loop runs all the time go to the driver of the writer's connection without database/sql between: it prepares and
// keeps statements by their text as before, and half of what such a statement cost was the way there and back.

// direct runs fn on conn's driver.
func direct(conn *sqlx.Conn, fn func(*sqlite3.SQLiteConn) error) error {
	return conn.Raw(func(c any) error { return fn(c.(*sqlite3.SQLiteConn)) })
}

// driverArgs gives args as a driver takes them.
func driverArgs(args []any) ([]driver.Value, error) {
	values := make([]driver.Value, len(args))
	for i, a := range args {
		switch a := a.(type) {
		case string, int64, float64, nil:
			values[i] = a
			continue
		case int:
			values[i] = int64(a)
			continue
		}
		v, err := driver.DefaultParameterConverter.ConvertValue(a)
		if err != nil {
			return nil, fmt.Errorf("argument %d: %w", i+1, err)
		}
		values[i] = v
	}
	return values, nil
}

// execDirect returns how many rows a statement changed.
func execDirect(conn *sqlx.Conn, query string, args []any) (n int64, err error) {
	values, err := driverArgs(args)
	if err != nil {
		return 0, err
	}
	err = direct(conn, func(c *sqlite3.SQLiteConn) error {
		r, err := c.Exec(query, values)
		if err != nil {
			return err
		}
		n, err = r.RowsAffected()
		return err
	})
	return n, err
}

// readDirect appends what query finds to dest, a pointer to a slice, or puts the first row into dest, a pointer to anything else; sql.ErrNoRows
// when there is none.
func readDirect(ctx context.Context, conn *sqlx.Conn, dest any, query string, args []any) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	values, err := driverArgs(args)
	if err != nil {
		return err
	}
	into := reflect.ValueOf(dest).Elem()
	many := into.Kind() == reflect.Slice && into.Type().Elem().Kind() != reflect.Uint8 && !reflect.PointerTo(into.Type()).Implements(scanning)
	return direct(conn, func(c *sqlite3.SQLiteConn) error {
		rows, err := c.Query(query, values)
		if err != nil {
			return err
		}
		defer rows.Close()
		one := into
		if many {
			one = reflect.New(into.Type().Elem()).Elem()
		}
		fields, err := fieldsOf(one.Type(), query, rows.Columns)
		if err != nil {
			return err
		}
		row := make([]driver.Value, len(fields))
		for n := 0; ; n++ {
			switch err := rows.Next(row); {
			case errors.Is(err, io.EOF) && n == 0 && !many:
				return sql.ErrNoRows
			case errors.Is(err, io.EOF):
				return nil
			case err != nil:
				return err
			}
			if many {
				one.SetZero()
			}
			for i, v := range row {
				if err := assign(one, fields[i], v); err != nil {
					return fmt.Errorf("column %s: %w", rows.Columns()[i], err)
				}
			}
			if !many {
				return nil
			}
			into.Set(reflect.Append(into, one))
		}
	})
}

// field is where in a struct a column goes; the value itself where path is nil.
type field struct {
	path  []int
	scans bool // it reads driver values by itself
}

type shape struct {
	t     reflect.Type
	query string
}

var (
	mapper   = reflectx.NewMapper("db")
	shapes   sync.Map // shape → []field
	scanning = reflect.TypeFor[sql.Scanner]()
)

// fieldsOf gives the field of each column of query in t: by its db tag, or t itself where t is no struct or scans.
func fieldsOf(t reflect.Type, query string, columns func() []string) ([]field, error) {
	if known, ok := shapes.Load(shape{t, query}); ok {
		return known.([]field), nil
	}
	var fields []field
	if scans := reflect.PointerTo(t).Implements(scanning); scans || t.Kind() != reflect.Struct {
		fields = []field{{scans: scans}}
	} else {
		for i, path := range mapper.TraversalsByName(t, columns()) {
			if len(path) == 0 {
				return nil, fmt.Errorf("missing destination name %s in %s", columns()[i], t)
			}
			fields = append(fields, field{path, reflect.PointerTo(t.FieldByIndex(path).Type).Implements(scanning)})
		}
	}
	if len(fields) != len(columns()) {
		return nil, fmt.Errorf("%d columns for one value", len(columns()))
	}
	shapes.Store(shape{t, query}, fields)
	return fields, nil
}

func assign(row reflect.Value, f field, v driver.Value) error {
	dest := row
	if f.path != nil {
		dest = row.FieldByIndex(f.path)
	}
	if f.scans {
		return dest.Addr().Interface().(sql.Scanner).Scan(v)
	}
	switch v := v.(type) {
	case string:
		if dest.Kind() == reflect.String {
			dest.SetString(v)
			return nil
		}
	case int64:
		switch dest.Kind() {
		case reflect.Int, reflect.Int64, reflect.Int32, reflect.Int16, reflect.Int8:
			if !dest.OverflowInt(v) {
				dest.SetInt(v)
				return nil
			}
		case reflect.Bool:
			if v == 0 || v == 1 {
				dest.SetBool(v == 1)
				return nil
			}
		case reflect.Float64:
			dest.SetFloat(float64(v))
			return nil
		}
	case float64:
		if dest.Kind() == reflect.Float64 {
			dest.SetFloat(v)
			return nil
		}
	case []byte:
		if dest.Kind() == reflect.Slice && dest.Type().Elem().Kind() == reflect.Uint8 {
			dest.SetBytes(v)
			return nil
		}
	case nil:
		if dest.Kind() == reflect.Slice {
			dest.SetZero()
			return nil
		}
	}
	return fmt.Errorf("%T does not go into %s", v, dest.Type())
}
