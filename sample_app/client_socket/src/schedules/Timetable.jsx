import { useState } from "react";
import { Link } from "react-router-dom";
import ConfirmDelete from "../ui/ConfirmDelete.jsx";
import Icon from "../ui/Icon.jsx";
import Page from "../ui/Page.jsx";
import { Loading } from "../ui/states.jsx";
import { Difficulty } from "../ui/tags.jsx";
import { useToast } from "../ui/Toast.jsx";
import { clock, count, DAYS, onDay, today } from "../words.js";
import ScheduleEdit from "./ScheduleEdit.jsx";
import ScheduleForm from "./ScheduleForm.jsx";
import { socket } from "../socket.js";

export default function Timetable({ schedules, coaches, plans, user, onSave, onDelete }) {
  const [adding, setAdding] = useState(false);
  const [moving, setMoving] = useState(null);
  const [error, setError] = useState("");
  const toast = useToast();

  function handleDelete(schedule) {
    setError("");
    socket.emit("delete_schedule", { id: schedule.id }, (result) => {
      if (result.ok) {
        onDelete(schedule.id);
        toast("The class is off the timetable.");
      } else {
        setError(result.data.error);
      }
    });
  }

  return (
    <Page
      title="Timetable"
      lead="Every class of the week, the same each week."
      actions={
        user ? (
          <button className="primary" type="button" disabled={adding} onClick={() => setAdding(true)}>
            <Icon name="plus" /> Add class
          </button>
        ) : (
          <p className="meta">
            <Link to="/login">Log in</Link> to change it.
          </p>
        )
      }
    >
      {error && (
        <p className="banner" role="alert">
          {error}
        </p>
      )}
      {user && adding && (
        <ScheduleForm
          coaches={coaches ?? []}
          plans={plans ?? []}
          onCancel={() => setAdding(false)}
          onAdd={(row) => {
            onSave(row);
            setAdding(false);
            toast(`${row.workout_plan.name} is on the timetable.`);
          }}
        />
      )}
      {user && moving && (
        <ScheduleEdit
          key={moving.id}
          schedule={moving}
          onCancel={() => setMoving(null)}
          onUpdate={(row) => {
            onSave(row);
            setMoving(null);
            toast(`Moved to ${row.day} at ${clock(row.hour)}.`);
          }}
        />
      )}
      {!schedules ? (
        <Loading what="timetable" />
      ) : (
        <div className="week">
          {DAYS.map((day) => {
            const rows = onDay(schedules, day);
            return (
              <section key={day} className={day === today() ? "day today" : "day"} aria-label={day}>
                <h2>{day}</h2>
                <p className="many">
                  {day === today() && <b>Today · </b>}
                  {rows.length === 0 ? "No classes" : count(rows.length, "class", "classes")}
                </p>
                <ul aria-label={`Classes on ${day}`}>
                  {rows.map((row) => (
                    <li className="slot" key={row.id}>
                      <b className="time">{clock(row.hour)}</b>
                      <Link className="slot-name" to={`/workout_plans/${row.workout_plan.id}`}>
                        {row.workout_plan.name}
                      </Link>
                      <Link className="slot-coach" to={`/coaches/${row.coach.id}`}>
                        {row.coach.name}
                      </Link>
                      <Difficulty of={row.workout_plan.difficulty} />
                      {user && (
                        <div className="slot-actions">
                          <button
                            className="icon-button"
                            type="button"
                            aria-label={`Move ${row.workout_plan.name} on ${day} at ${clock(row.hour)}`}
                            title="Move"
                            onClick={() => setMoving(row)}
                          >
                            <Icon name="edit" />
                          </button>
                          <ConfirmDelete
                            compact
                            label={`Delete ${row.workout_plan.name} on ${day} at ${clock(row.hour)}`}
                            question="Take this class off?"
                            onConfirm={() => handleDelete(row)}
                          >
                            {row.workout_plan.name} with {row.coach.name}, {day} at {clock(row.hour)}.
                          </ConfirmDelete>
                        </div>
                      )}
                    </li>
                  ))}
                </ul>
              </section>
            );
          })}
        </div>
      )}
    </Page>
  );
}
