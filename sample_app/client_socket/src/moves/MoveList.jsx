import { useEffect, useState } from "react";
import { Link, useSearchParams } from "react-router-dom";
import Icon from "../ui/Icon.jsx";
import Page from "../ui/Page.jsx";
import { Empty, Loading } from "../ui/states.jsx";
import { Focus } from "../ui/tags.jsx";
import { FOCUSES } from "../words.js";
import { socket, TIMEOUT, json } from "../socket.js";

export default function MoveList({ moves }) {
  const [search, setSearch] = useSearchParams();
  const focus = search.get("focus");
  const [filtered, setFiltered] = useState(null);
  const [loading, setLoading] = useState(false);
  const [error, setError] = useState("");

  useEffect(() => {
    if (!focus) return undefined;
    let stale = false;
    setLoading(true);
    setError("");
    socket
      .timeout(TIMEOUT)
      .emitWithAck("get_exercise_moves", { focus })
      .then((result) => {
        if (!result.ok) throw new Error(`The server answered ${result.status}.`);
        return json(result);
      })
      .then((data) => {
        if (!stale) setFiltered(data);
      })
      .catch((e) => setError(e.message))
      .finally(() => setLoading(false));
    return () => {
      stale = true;
    };
  }, [focus]);

  const shown = focus ? filtered : moves;

  return (
    <Page
      title="Exercise moves"
      lead="The library that plans are built from."
      actions={
        <Link className="button primary" to="/exercise_moves/new">
          <Icon name="plus" /> Add move
        </Link>
      }
    >
      <div className="filter" role="group" aria-label="Filter by focus">
        <button type="button" aria-pressed={!focus} onClick={() => setSearch({})}>
          All
        </button>
        {FOCUSES.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={focus === name}
            onClick={() => setSearch({ focus: name })}
          >
            {name}
          </button>
        ))}
      </div>
      {error && (
        <p className="banner" role="alert">
          {error}
        </p>
      )}
      {!shown && !error && <Loading what="moves" />}
      {shown?.length === 0 && <Empty title="No moves here">Nothing in the library trains this yet.</Empty>}
      {shown?.length > 0 && (
        <ul className="grid" aria-label="Exercise moves" aria-busy={loading}>
          {shown.map((move) => (
            <li className="card move" key={move.id}>
              <div className="split">
                <Focus of={move.focus} />
                <span className="meta">{move.equipment || "No equipment"}</span>
              </div>
              <h2>
                <Link className="cover" to={`/exercise_moves/${move.id}`}>
                  {move.name}
                </Link>
              </h2>
              <p className="prose">{move.cue}</p>
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}
