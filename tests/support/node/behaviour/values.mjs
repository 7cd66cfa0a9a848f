// Values as a log keeps them, and the values that fixtures use without declaring them.

const MISSING = "<undefined>";

/** Returns a value as JSON can say it; functions and stand-ins by their name. */
export function plain(value, depth = 0) {
  if (value === undefined) return MISSING;
  if (typeof value === "function") return value.stands === undefined ? "<function>" : `<${value.stands}>`;
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (value === null || typeof value !== "object") return Number.isNaN(value) ? "<NaN>" : value;
  if (value instanceof Error) return { error: value.name, message: value.message };
  if (value instanceof Response) return "<Response>";
  if (depth > 8) return "<deep>";
  if (Array.isArray(value)) return value.map((one) => plain(one, depth + 1));
  if (typeof value.toJSON === "function") return value.toJSON();
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one, depth + 1)]));
}

/** What names that no fixture declares stand for; every other one is a function that is only recorded. */
export const data = () => ({
  id: 7,
  name: "Ann",
  age: "41",
  day: "Mon",
  hour: "9",
  p: 2,
  q: "a b&c",
  token: "t0k",
  csrf: "c5rf",
  reason: "old",
  username: "ann",
  password: "pw",
  values: { id: 7, name: "Ann" },
  c: { id: 3 },
});
