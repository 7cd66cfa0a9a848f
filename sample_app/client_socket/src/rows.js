/** The list with the row in it: in its old place where it has one, else at the end. */
export function put(rows, row) {
  return rows.some((other) => other.id === row.id)
    ? rows.map((other) => (other.id === row.id ? row : other))
    : [...rows, row];
}

/** The list without the row of that id. */
export function remove(rows, id) {
  return rows.filter((row) => row.id !== id);
}
