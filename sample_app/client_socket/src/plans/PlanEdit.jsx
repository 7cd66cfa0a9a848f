import { useFormik } from "formik";
import { useState } from "react";
import { Buttons, Form } from "../ui/Form.jsx";
import PlanFields from "./PlanFields.jsx";
import { socket } from "../socket.js";

export default function PlanEdit({ plan, moves, onUpdate, onCancel }) {
  const [errors, setErrors] = useState({});

  const formik = useFormik({
    initialValues: {
      id: plan.id,
      name: plan.name,
      difficulty: plan.difficulty,
      minutes: plan.minutes,
      description: plan.description,
      exercise_move_ids: plan.exercise_moves.map((move) => move.id),
    },
    onSubmit: (values) => {
      socket.emit("update_workout_plan", values, (result) => {
        if (result.ok) {
          onUpdate(result.data);
        } else {
          setErrors(result.data.errors);
        }
      });
    },
  });

  return (
    <Form label="Edit plan" errors={errors} onSubmit={formik.handleSubmit}>
      <PlanFields formik={formik} moves={moves} />
      <Buttons save="Save changes" onCancel={onCancel} />
    </Form>
  );
}
