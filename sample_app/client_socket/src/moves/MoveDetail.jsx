import { useEffect, useState } from "react";
import { Link, useNavigate, useParams } from "react-router-dom";
import ConfirmDelete from "../ui/ConfirmDelete.jsx";
import Icon from "../ui/Icon.jsx";
import Page from "../ui/Page.jsx";
import { Empty, Loading } from "../ui/states.jsx";
import { Difficulty, Focus } from "../ui/tags.jsx";
import { useToast } from "../ui/Toast.jsx";
import MoveEdit from "./MoveEdit.jsx";
import { socket, TIMEOUT, json } from "../socket.js";

export default function MoveDetail({ plans, onUpdate, onDelete }) {
  const { id } = useParams();
  const [move, setMove] = useState(null);
  const [error, setError] = useState("");
  const [editing, setEditing] = useState(false);
  const navigate = useNavigate();
  const toast = useToast();

  useEffect(() => {
    async function load() {
      try {
        const r = await socket.timeout(TIMEOUT).emitWithAck("get_exercise_move", { id });
        const data = json(r);
        if (!r.ok) throw new Error(data.error);
        setMove(data);
      } catch (e) {
        setError(e.message);
      }
    }
    load();
  }, [id]);

  if (error) return <Empty title="No such move">{error}.</Empty>;
  if (!move) return <Loading what="move" />;

  function handleDelete() {
    // plans that use the move simply lose it
    socket
      .timeout(TIMEOUT)
      .emitWithAck("delete_exercise_move", { id: move.id })
      .then((result) => {
        if (result.ok) {
          onDelete(move.id);
          toast(`${move.name} was deleted.`);
          navigate("/exercise_moves");
        }
      })
      .catch((e) => setError(e.message));
  }

  const used = (plans ?? []).filter((plan) => plan.exercise_moves.some((row) => row.id === move.id));

  return (
    <Page
      title={move.name}
      back={{ to: "/exercise_moves", label: "Exercise moves" }}
      actions={
        !editing && (
          <>
            <button type="button" aria-label="Edit move" onClick={() => setEditing(true)}>
              <Icon name="edit" /> Edit
            </button>
            <ConfirmDelete label="Delete move" question={`Delete ${move.name}?`} onConfirm={handleDelete}>
              {used.length > 0 ? "The plans that use it lose it." : "No plan uses it."} This cannot be taken back.
            </ConfirmDelete>
          </>
        )
      }
    >
      {editing ? (
        <MoveEdit
          move={move}
          onCancel={() => setEditing(false)}
          onUpdate={(updated) => {
            setMove(updated);
            onUpdate(updated);
            setEditing(false);
            toast("Changes saved.");
          }}
        />
      ) : (
        <div className="columns">
          <section className="card about">
            <div className="split">
              <Focus of={move.focus} />
              <span className="meta">{move.equipment || "No equipment"}</span>
            </div>
            <blockquote>{move.cue || "No cue yet."}</blockquote>
          </section>
          <section className="card" aria-label="Plans">
            <h2>Used in</h2>
            {used.length === 0 && <p className="meta">No plan yet.</p>}
            <ul className="lines">
              {used.map((plan) => (
                <li key={plan.id}>
                  <Link to={`/workout_plans/${plan.id}`}>{plan.name}</Link>
                  <Difficulty of={plan.difficulty} />
                </li>
              ))}
            </ul>
          </section>
        </div>
      )}
    </Page>
  );
}
