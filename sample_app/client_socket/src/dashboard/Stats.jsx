import { useEffect, useState } from "react";
import { Link } from "react-router-dom";
import { socket, TIMEOUT, json } from "../socket.js";

// while developing, straight past the proxy, as the screen in the lobby does it

const TILES = [
  { key: "schedules", label: "Classes a week", to: "/schedules" },
  { key: "coaches", label: "Coaches", to: "/coaches" },
  { key: "workout_plans", label: "Plans", to: "/workout_plans" },
  { key: "exercise_moves", label: "Moves", to: "/exercise_moves" },
];

export default function Stats() {
  const [stats, setStats] = useState({});
  const [error, setError] = useState(null);
  const [loading, setLoading] = useState(true);

  useEffect(() => {
    socket
      .timeout(TIMEOUT)
      .emitWithAck("get_stats")
      .then(json)
      .then((data) => setStats(data))
      .catch((e) => setError(e))
      .finally(() => setLoading(false));
  }, []);

  return (
    <>
      {error && (
        <p className="banner" role="alert">
          The numbers could not be loaded.
        </p>
      )}
      <ul className="tiles" aria-label="Numbers" aria-busy={loading}>
        {TILES.map(({ key, label, to }) => (
          <li key={key}>
            <Link to={to}>
              <b>{stats[key] ?? "–"}</b> {label}
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
