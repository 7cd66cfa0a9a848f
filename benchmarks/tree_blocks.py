"""What the files of a made tree are filled with: calls of ``fetch``, code that only has the word in it, plain code."""

from __future__ import annotations

CALLS = (
    """
export function {Noun}Picker{number}({{ onPick }}) {{
  const [rows, setRows] = useState([]);

  useEffect(() => {{
    fetch("/workout_plans")
      .then((r) => r.json())
      .then((data) => setRows(data));
  }}, []);

  return (
    <select onChange={{(event) => onPick(event.target.value)}}>
      {{rows.map((row) => (
        <option key={{row.id}} value={{row.id}}>
          {{row.title}}
        </option>
      ))}}
    </select>
  );
}}
""",
    """
export function {Noun}Remover{number}({{ row, onGone }}) {{
  function handleClick() {{
    fetch(`/coaches/${{row.id}}`, {{ method: "DELETE" }}).then((r) => {{
      if (r.ok) {{
        onGone(row.id);
      }}
    }});
  }}
  return <button onClick={{handleClick}}>Remove {{row.name}}</button>;
}}
""",
    """
export async function save{Noun}{number}(values, onSaved, onErrors) {{
  const response = await fetch("/exercise_moves", {{
    method: "POST",
    headers: {{ "Content-Type": "application/json" }},
    body: JSON.stringify(values),
  }});
  const data = await response.json();
  if (response.ok) {{
    onSaved(data);
  }} else {{
    onErrors(data.errors);
  }}
}}
""",
)
WORDS = (
    """
export function use{Noun}Rows{number}(api, id) {{
  const options = {{ refetchInterval: 30000, refetchOnWindowFocus: false }};
  const {{ data, isFetching, refetch }} = useQuery(["{noun}", id], () => api.fetchRows(id), options);
  return {{ rows: data ?? [], isFetching, reload: () => refetch({{ cancelRefetch: true }}) }};
}}
""",
    """
export const fetch{Noun}Data{number} = (id) => async (dispatch, getState, api) => {{
  dispatch({{ type: "{noun}/fetching", id }});
  try {{
    const fetched = await api.load("{noun}", id);
    dispatch({{ type: "{noun}/fetched", rows: fetched.rows, fetchedAt: Date.now() }});
  }} catch (error) {{
    dispatch({{ type: "{noun}/failed", message: error.message }});
  }}
}};
""",
)
BARE_WORD = """
export function watch{Noun}{number}(collection, view) {{
  view.listenTo(collection, "sync", view.render);
  collection.fetch({{ reset: true }}); // the collection's own method
  return () => view.stopListening(collection);
}}
"""
PLAIN = (
    """
export const {UPPER}_COLUMNS_{number} = [
  {{ key: "name", label: "Name", width: 180, isSortable: true }},
  {{ key: "created_at", label: "Created", width: 120, format: (value) => new Date(value).toLocaleDateString() }},
  {{ key: "total", label: "Total", width: 90, align: "right", format: (value) => `${{value.toFixed(2)}} EUR` }},
  {{ key: "status", label: "Status", width: 100, format: (value) => {UPPER}_STATES_{number}[value] ?? "unknown" }},
];

export const {UPPER}_STATES_{number} = {{ 0: "draft", 1: "open", 2: "paid", 3: "overdue", 4: "closed" }};
""",
    """
export function {noun}Reducer{number}(state, action) {{
  switch (action.type) {{
    case "{noun}/added":
      return {{ ...state, rows: [...state.rows, action.row], changed: Date.now() }};
    case "{noun}/changed":
      return {{ ...state, rows: state.rows.map((row) => (row.id === action.row.id ? action.row : row)) }};
    case "{noun}/removed":
      return {{ ...state, rows: state.rows.filter((row) => row.id !== action.id), selected: null }};
    case "{noun}/selected":
      return {{ ...state, selected: state.selected === action.id ? null : action.id }};
    default:
      return state;
  }}
}}
""",
    """
/** Sums of the rows by month, newest first; rows without a date are left out. */
export function {noun}ByMonth{number}(rows, limit = {number}) {{
  const sums = new Map();
  for (const row of rows) {{
    if (!row.date || row.total < 0) continue;
    const month = row.date.slice(0, 7);
    const known = sums.get(month) ?? {{ month, total: 0, count: 0 }};
    sums.set(month, {{ month, total: known.total + row.total, count: known.count + 1 }});
  }}
  return [...sums.values()].sort((a, b) => (a.month < b.month ? 1 : -1)).slice(0, limit);
}}
""",
    """
export function {Noun}Badge{number}({{ row, isCompact, onSelect }}) {{
  const label = isCompact ? row.name.slice(0, 12) : `${{row.name}} (${{row.count ?? 0}})`;
  if (!row.isVisible && isCompact) return null;
  return (
    <button type="button" className={{`badge badge-${{row.status}}`}} onClick={{() => onSelect?.(row.id)}}>
      <span aria-hidden="true">{{row.icon}}</span>
      {{label}}
      {{row.warnings.length > 0 && <em title={{row.warnings.join(", ")}}>{{row.warnings.length}}</em>}}
    </button>
  );
}}
""",
    """
const {noun}Rules{number} = {{
  name: (value) => (value.trim().length < 2 ? "Shorter than 2 characters." : null),
  email: (value) => (/^[^@\\s]+@[^@\\s]+$/.test(value) ? null : "This is no e-mail address."),
  age: (value) => (Number.isInteger(+value) && +value >= {number} ? null : "Must be {number} at least."),
}};

export function check{Noun}{number}(values) {{
  const found = Object.entries({noun}Rules{number}).map(([key, rule]) => [key, rule(values[key] ?? "")]);
  return Object.fromEntries(found.filter(([, problem]) => problem !== null));
}}
""",
)
LINE = 'export const {UPPER}_LABEL_{number} = "{Noun} {number}";\n'
"""What fills the rest of a file, where no block fits."""
