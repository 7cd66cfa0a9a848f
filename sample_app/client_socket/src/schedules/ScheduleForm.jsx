import { useState } from "react";
import { Buttons, Field, Form } from "../ui/Form.jsx";
import { today } from "../words.js";
import WhenFields from "./WhenFields.jsx";
import { socket } from "../socket.js";

export default function ScheduleForm({ coaches, plans, onAdd, onCancel }) {
  const [day, setDay] = useState(today());
  const [hour, setHour] = useState("18");
  const [coachId, setCoachId] = useState("");
  const [planId, setPlanId] = useState("");
  const [errors, setErrors] = useState({});
  const [problem, setProblem] = useState("");

  function handleSubmit(event) {
    event.preventDefault();
    setProblem("");
    socket.emit("new_schedule", { day, hour: +hour, coach_id: +coachId, workout_plan_id: +planId }, (result) => {
      if (result.ok) {
        onAdd(result.data);
      } else if (result.status === 401) {
        setProblem("Your login has run out. Log in again to add classes.");
      } else {
        setErrors(result.data.errors);
      }
    });
  }

  return (
    <Form label="New class" errors={errors} problem={problem} onSubmit={handleSubmit}>
      <h2>New class</h2>
      <div className="row four">
        <Field
          label="Plan"
          name="workout_plan_id"
          as="select"
          value={planId}
          onChange={(event) => setPlanId(event.target.value)}
        >
          <option value="">Choose…</option>
          {plans.map((plan) => (
            <option key={plan.id} value={plan.id}>
              {plan.name}
            </option>
          ))}
        </Field>
        <Field
          label="Coach"
          name="coach_id"
          as="select"
          value={coachId}
          onChange={(event) => setCoachId(event.target.value)}
        >
          <option value="">Choose…</option>
          {coaches.map((coach) => (
            <option key={coach.id} value={coach.id}>
              {coach.name}
            </option>
          ))}
        </Field>
        <WhenFields day={day} hour={hour} onDay={setDay} onHour={setHour} />
      </div>
      <Buttons save="Save class" onCancel={onCancel} />
    </Form>
  );
}
