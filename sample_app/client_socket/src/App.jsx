import { useEffect, useState } from "react";
import { Route, Routes } from "react-router-dom";
import CoachDetail from "./coaches/CoachDetail.jsx";
import CoachForm from "./coaches/CoachForm.jsx";
import CoachList from "./coaches/CoachList.jsx";
import Dashboard from "./dashboard/Dashboard.jsx";
import Login from "./login/Login.jsx";
import MoveDetail from "./moves/MoveDetail.jsx";
import MoveForm from "./moves/MoveForm.jsx";
import MoveList from "./moves/MoveList.jsx";
import PlanDetail from "./plans/PlanDetail.jsx";
import PlanForm from "./plans/PlanForm.jsx";
import PlanList from "./plans/PlanList.jsx";
import { put, remove } from "./rows.js";
import Timetable from "./schedules/Timetable.jsx";
import Nav from "./ui/Nav.jsx";
import { Empty } from "./ui/states.jsx";
import { socket, TIMEOUT, json, subscribe } from "./socket.js";

export default function App() {
  // null while a list is still on its way
  const [coaches, setCoaches] = useState(null);
  const [plans, setPlans] = useState(null);
  const [moves, setMoves] = useState(null);
  const [schedules, setSchedules] = useState(null);
  const [user, setUser] = useState(null);
  const [error, setError] = useState("");

  useEffect(() => subscribe("coaches", setCoaches), []);

  useEffect(() => subscribe("workout_plans", setPlans), []);

  useEffect(() => subscribe("schedules", setSchedules), []);

  useEffect(() => {
    // all of them: the list page filters on its own
    socket
      .timeout(TIMEOUT)
      .emitWithAck("get_exercise_moves")
      .then(json)
      .then((data) => {
        setMoves(data);
      })
      .catch(() => setError("The studio's server does not answer. Is it running?"));
  }, []);

  useEffect(() => {
    socket.emit("get_check_session", (result) => {
      if (result.ok) {
        setUser(result.data);
      }
    });
  }, []);

  function saveCoach(coach) {
    setCoaches((rows) => put(rows, coach));
    setSchedules((rows) => rows.map((row) => (row.coach_id === coach.id ? { ...row, coach } : row)));
    setUser((user) => (user?.id === coach.id ? coach : user));
  }

  function dropCoach(id) {
    setCoaches((rows) => remove(rows, id));
    // their classes go with them
    setSchedules((rows) => rows.filter((row) => row.coach_id !== id));
    setUser((user) => (user?.id === id ? null : user));
  }

  function savePlan(plan) {
    setPlans((rows) => put(rows, plan));
    setSchedules((rows) => rows.map((row) => (row.workout_plan_id === plan.id ? { ...row, workout_plan: plan } : row)));
  }

  function saveMove(move) {
    setMoves((rows) => put(rows, move));
    setPlans((rows) =>
      rows.map((plan) => ({
        ...plan,
        exercise_moves: plan.exercise_moves.map((row) => (row.id === move.id ? move : row)),
      })),
    );
  }

  function dropMove(id) {
    setMoves((rows) => remove(rows, id));
    setPlans((rows) => rows.map((plan) => ({ ...plan, exercise_moves: remove(plan.exercise_moves, id) })));
  }

  return (
    <div className="shell">
      <a className="skip" href="#main">
        Skip to content
      </a>
      <Nav user={user} onLogout={() => setUser(null)} />
      <main id="main" tabIndex={-1}>
        {error && (
          <p className="banner" role="alert">
            {error}
          </p>
        )}
        <Routes>
          <Route
            path="/"
            element={<Dashboard schedules={schedules} onSchedules={setSchedules} onCoaches={setCoaches} />}
          />
          <Route path="/coaches" element={<CoachList coaches={coaches} schedules={schedules} />} />
          <Route path="/coaches/new" element={<CoachForm onAdd={saveCoach} />} />
          <Route
            path="/coaches/:id"
            element={<CoachDetail coaches={coaches} onUpdate={saveCoach} onDelete={dropCoach} />}
          />
          <Route path="/workout_plans" element={<PlanList plans={plans} />} />
          <Route path="/workout_plans/new" element={<PlanForm moves={moves} onAdd={savePlan} />} />
          <Route
            path="/workout_plans/:id"
            element={
              <PlanDetail
                plans={plans}
                moves={moves}
                onUpdate={savePlan}
                onDelete={(id) => setPlans((rows) => remove(rows, id))}
              />
            }
          />
          <Route path="/exercise_moves" element={<MoveList moves={moves} />} />
          <Route path="/exercise_moves/new" element={<MoveForm onAdd={saveMove} />} />
          <Route
            path="/exercise_moves/:id"
            element={<MoveDetail plans={plans} onUpdate={saveMove} onDelete={dropMove} />}
          />
          <Route
            path="/schedules"
            element={
              <Timetable
                schedules={schedules}
                coaches={coaches}
                plans={plans}
                user={user}
                onSave={(row) => setSchedules((rows) => put(rows, row))}
                onDelete={(id) => setSchedules((rows) => remove(rows, id))}
              />
            }
          />
          <Route path="/login" element={<Login user={user} onLogin={setUser} />} />
          <Route path="*" element={<Empty title="Nothing here">This page does not exist.</Empty>} />
        </Routes>
      </main>
    </div>
  );
}
