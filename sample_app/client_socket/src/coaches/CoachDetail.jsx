import { useEffect, useState } from "react";
import { useNavigate, useParams } from "react-router-dom";
import Avatar from "../ui/Avatar.jsx";
import ConfirmDelete from "../ui/ConfirmDelete.jsx";
import Icon from "../ui/Icon.jsx";
import Page from "../ui/Page.jsx";
import { Empty, Loading } from "../ui/states.jsx";
import { Difficulty } from "../ui/tags.jsx";
import { useToast } from "../ui/Toast.jsx";
import { clock, DAYS, onDay } from "../words.js";
import CoachEdit from "./CoachEdit.jsx";
import { socket, TIMEOUT, json } from "../socket.js";

function loadClasses(coachId) {
  return socket.timeout(TIMEOUT).emitWithAck("get_coach_schedules", { id: coachId }).then(json);
}

export default function CoachDetail({ coaches, onUpdate, onDelete }) {
  const { id } = useParams();
  const [classes, setClasses] = useState(null);
  const [editing, setEditing] = useState(false);
  const navigate = useNavigate();
  const toast = useToast();
  const coach = coaches?.find((row) => row.id === Number(id));
  const found = Boolean(coach);

  useEffect(() => {
    if (!found) return;
    loadClasses(id)
      .then((data) => setClasses(data))
      .catch(() => setClasses([]));
  }, [id, found]);

  if (!coaches) return <Loading what="coach" />;
  if (!coach) return <Empty title="No such coach">Perhaps somebody has just removed them.</Empty>;

  function handleDelete() {
    socket.emit("delete_coach", { id: coach.id }, (result) => {
      if (result.ok) {
        onDelete(coach.id);
        toast(`${coach.name} was removed.`);
        navigate("/coaches");
      }
    });
  }

  return (
    <Page
      title={coach.name}
      lead={`${coach.specialty} · ${coach.age} years old`}
      back={{ to: "/coaches", label: "Coaches" }}
      actions={
        !editing && (
          <>
            <button type="button" aria-label="Edit coach" onClick={() => setEditing(true)}>
              <Icon name="edit" /> Edit
            </button>
            <ConfirmDelete label="Delete coach" question={`Remove ${coach.name}?`} onConfirm={handleDelete}>
              Their classes come off the timetable as well. This cannot be taken back.
            </ConfirmDelete>
          </>
        )
      }
    >
      {editing ? (
        <CoachEdit
          coach={coach}
          onCancel={() => setEditing(false)}
          onUpdate={(updated) => {
            onUpdate(updated);
            setEditing(false);
            toast("Changes saved.");
          }}
        />
      ) : (
        <div className="columns">
          <section className="card about">
            <Avatar row={coach} size="large" />
            <p className="prose">{coach.bio || "No bio yet."}</p>
            {coach.username && (
              <p className="meta">
                Logs in as <b>{coach.username}</b>
              </p>
            )}
          </section>
          <section className="card" aria-label="Classes">
            <h2>Classes every week</h2>
            {!classes && <Loading what="classes" />}
            {classes?.length === 0 && <p className="meta">None at the moment.</p>}
            {classes?.length > 0 && (
              <ul className="lines">
                {DAYS.flatMap((day) => onDay(classes, day)).map((row) => (
                  <li key={row.id}>
                    <span className="when">
                      {row.day} <b>{clock(row.hour)}</b>
                    </span>
                    <span>{row.workout_plan.name}</span>
                    <Difficulty of={row.workout_plan.difficulty} />
                  </li>
                ))}
              </ul>
            )}
          </section>
        </div>
      )}
    </Page>
  );
}
