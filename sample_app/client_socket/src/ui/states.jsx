export function Loading({ what }) {
  return (
    <div className="loading" role="status" aria-label={`Loading ${what}`}>
      <span className="spinner" aria-hidden="true" />
      Loading {what}…
    </div>
  );
}

export function Empty({ title, children }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      <p>{children}</p>
    </div>
  );
}
