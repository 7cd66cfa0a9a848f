import { useState } from "react";
import { Buttons, Form } from "../ui/Form.jsx";
import WhenFields from "./WhenFields.jsx";
import { socket } from "../socket.js";

export default function ScheduleEdit({ schedule, onUpdate, onCancel }) {
  const [day, setDay] = useState(schedule.day);
  const [hour, setHour] = useState(String(schedule.hour));
  const [errors, setErrors] = useState({});
  const [problem, setProblem] = useState("");

  function handleSubmit(event) {
    event.preventDefault();
    socket.emit("update_schedule", { id: schedule.id }, { day, hour: +hour }, ({ ok, data }) => {
      if (ok) {
        onUpdate(data);
      } else {
        setErrors(data.errors);
        setProblem(data.error);
      }
    });
  }

  return (
    <Form label="Move class" errors={errors} problem={problem} onSubmit={handleSubmit}>
      <h2>
        Move {schedule.workout_plan.name} with {schedule.coach.name}
      </h2>
      <div className="row even">
        <WhenFields day={day} hour={hour} onDay={setDay} onHour={setHour} />
      </div>
      <Buttons save="Save changes" onCancel={onCancel} />
    </Form>
  );
}
