// One step of the database's shape.

/** Numbers rise and begin at 1; `sql` runs once, inside the transaction that records the number. */
export interface Migration {
  readonly number: number;
  readonly sql: string;
}
