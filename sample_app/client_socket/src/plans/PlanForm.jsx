import { useFormik } from "formik";
import { useState } from "react";
import { useNavigate } from "react-router-dom";
import { Buttons, Form } from "../ui/Form.jsx";
import Page from "../ui/Page.jsx";
import { useToast } from "../ui/Toast.jsx";
import PlanFields from "./PlanFields.jsx";
import { socket } from "../socket.js";

export default function PlanForm({ moves, onAdd }) {
  const [errors, setErrors] = useState({});
  const navigate = useNavigate();
  const toast = useToast();

  const formik = useFormik({
    initialValues: { name: "", difficulty: "", minutes: 45, description: "", exercise_move_ids: [] },
    onSubmit: (values) => {
      socket.emit("new_workout_plan", values, (result) => {
        if (result.ok) {
          const plan = result.data;
          onAdd(plan);
          toast(`${plan.name} is ready to be taught.`);
          navigate(`/workout_plans/${plan.id}`);
        } else {
          setErrors(result.data.errors);
        }
      });
    },
  });

  return (
    <Page title="New plan" back={{ to: "/workout_plans", label: "Workout plans" }}>
      <Form label="New plan" errors={errors} onSubmit={formik.handleSubmit}>
        <PlanFields formik={formik} moves={moves} />
        <Buttons save="Save plan" onCancel={() => navigate("/workout_plans")} />
      </Form>
    </Page>
  );
}
