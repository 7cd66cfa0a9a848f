export default function Avatar({ row, size = "" }) {
  const initials = row.name
    .split(/\s+/)
    .map((word) => word[0])
    .slice(0, 2)
    .join("");
  return (
    <span className={`avatar tone-${row.id % 6} ${size}`} aria-hidden="true">
      {initials}
    </span>
  );
}
