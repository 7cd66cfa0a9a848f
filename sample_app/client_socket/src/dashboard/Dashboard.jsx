import { useState } from "react";
import { Link } from "react-router-dom";
import Avatar from "../ui/Avatar.jsx";
import Page from "../ui/Page.jsx";
import { Loading } from "../ui/states.jsx";
import { Difficulty } from "../ui/tags.jsx";
import { clock, count, DAYS, onDay, today } from "../words.js";
import RefreshButton from "./RefreshButton.jsx";
import Stats from "./Stats.jsx";
import Weather from "./Weather.jsx";
import { socket, TIMEOUT, json } from "../socket.js";

const LONG_DATE = { weekday: "long", day: "numeric", month: "long" };

export default function Dashboard({ schedules, onSchedules, onCoaches }) {
  const [round, setRound] = useState(0);
  const [busy, setBusy] = useState(false);

  function reload() {
    setBusy(true);
    return Promise.all([
      socket.timeout(TIMEOUT).emitWithAck("get_coaches"),
      socket.timeout(TIMEOUT).emitWithAck("get_schedules"),
    ])
      .then((responses) => responses.map(json))
      .then(([coaches, schedules]) => {
        onCoaches(coaches);
        onSchedules(schedules);
        setRound(round + 1);
      })
      .finally(() => setBusy(false));
  }

  const classes = schedules && onDay(schedules, today());
  const hour = new Date().getHours();
  const next = classes?.find((row) => row.hour > hour);

  return (
    <Page
      title="Today at the studio"
      lead={new Date().toLocaleDateString("en-GB", LONG_DATE)}
      actions={<RefreshButton fetch={reload} busy={busy} />}
    >
      <Stats key={round} />
      {!schedules ? (
        <Loading what="timetable" />
      ) : (
        <div className="columns dashboard">
          <div>
            <section className="card" aria-label="Today's classes">
              <h2>Classes today</h2>
              {classes.length === 0 && <p className="meta">None. A good day to sweep the chalk.</p>}
              <ol className="line">
                {classes.map((row) => (
                  <li key={row.id} className={row.hour < hour ? "past" : undefined}>
                    <b className="time">{clock(row.hour)}</b>
                    <Avatar row={row.coach} />
                    <div>
                      <Link to={`/workout_plans/${row.workout_plan.id}`}>{row.workout_plan.name}</Link>
                      <p className="meta">with {row.coach.name}</p>
                    </div>
                    {row === next && <span className="now">Next</span>}
                    {row.hour === hour && <span className="now">Now</span>}
                  </li>
                ))}
              </ol>
            </section>
            <Weather />
          </div>
          <section className="card" aria-label="This week">
            <div className="split">
              <h2>The week</h2>
              <Link to="/schedules">{count(schedules.length, "class", "classes")}</Link>
            </div>
            <dl className="overview">
              {DAYS.map((day) => (
                <div key={day} className={day === today() ? "today" : undefined}>
                  <dt>{day}</dt>
                  {onDay(schedules, day).map((row) => (
                    <dd key={row.id}>
                      <b>{clock(row.hour)}</b>
                      <span>{row.workout_plan.name}</span>
                      <Difficulty of={row.workout_plan.difficulty} />
                    </dd>
                  ))}
                  {onDay(schedules, day).length === 0 && <dd className="free">No classes</dd>}
                </div>
              ))}
            </dl>
          </section>
        </div>
      )}
    </Page>
  );
}
