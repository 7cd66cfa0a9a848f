import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router-dom";
import ConfirmDelete from "../ui/ConfirmDelete.jsx";
import Icon from "../ui/Icon.jsx";
import Page from "../ui/Page.jsx";
import { Empty, Loading } from "../ui/states.jsx";
import { Difficulty, Focus } from "../ui/tags.jsx";
import { useToast } from "../ui/Toast.jsx";
import PlanEdit from "./PlanEdit.jsx";
import { socket, TIMEOUT, json } from "../socket.js";

export default function PlanDetail({ plans, moves, onUpdate, onDelete }) {
  const { id } = useParams();
  const [editing, setEditing] = useState(false);
  const [error, setError] = useState("");
  const navigate = useNavigate();
  const toast = useToast();
  const plan = plans?.find((row) => row.id === Number(id));

  if (!plans) return <Loading what="plan" />;
  if (!plan) return <Empty title="No such plan">Perhaps somebody has just deleted it.</Empty>;

  async function handleDelete() {
    setError("");
    try {
      const r = await socket.timeout(TIMEOUT).emitWithAck("delete_workout_plan", { id: plan.id });
      const data = json(r);
      if (!r.ok) throw new Error(data.error);
      onDelete(data.id);
      toast(`${plan.name} was deleted.`);
      navigate("/workout_plans");
    } catch (e) {
      // a plan on the timetable cannot go
      setError(e.message);
    }
  }

  return (
    <Page
      title={plan.name}
      lead={plan.description}
      back={{ to: "/workout_plans", label: "Workout plans" }}
      actions={
        !editing && (
          <>
            <button type="button" aria-label="Edit plan" onClick={() => setEditing(true)}>
              <Icon name="edit" /> Edit
            </button>
            <ConfirmDelete label="Delete plan" question={`Delete ${plan.name}?`} onConfirm={handleDelete}>
              Its moves stay in the library. This cannot be taken back.
            </ConfirmDelete>
          </>
        )
      }
    >
      {error && (
        <p className="banner" role="alert">
          {error}
        </p>
      )}
      {editing ? (
        <PlanEdit
          plan={plan}
          moves={moves}
          onCancel={() => setEditing(false)}
          onUpdate={(updated) => {
            onUpdate(updated);
            setEditing(false);
            toast("Changes saved.");
          }}
        />
      ) : (
        <section className="card" aria-label="Moves">
          <div className="split">
            <Difficulty of={plan.difficulty} />
            <span className="minutes">
              <b>{plan.minutes}</b> min
            </span>
          </div>
          {plan.exercise_moves.length === 0 ? (
            <p className="meta">No moves yet. Edit the plan to choose some.</p>
          ) : (
            <ol className="moves">
              {plan.exercise_moves.map((move) => (
                <li key={move.id}>
                  <Link to={`/exercise_moves/${move.id}`}>{move.name}</Link>
                  <span className="meta">{move.equipment || "No equipment"}</span>
                  <Focus of={move.focus} />
                </li>
              ))}
            </ol>
          )}
        </section>
      )}
    </Page>
  );
}
