import { useFormik } from "formik";
import { useState } from "react";
import { useNavigate } from "react-router-dom";
import { Buttons, Form } from "../ui/Form.jsx";
import Page from "../ui/Page.jsx";
import { useToast } from "../ui/Toast.jsx";
import PlanFields from "./PlanFields.jsx";

export default function PlanForm({ moves, onAdd }) {
  const [errors, setErrors] = useState({});
  const navigate = useNavigate();
  const toast = useToast();

  const formik = useFormik({
    initialValues: { name: "", difficulty: "", minutes: 45, description: "", exercise_move_ids: [] },
    onSubmit: (values) => {
      fetch("/workout_plans", {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
        },
        body: JSON.stringify(values, null, 2),
      }).then((r) => {
        if (r.ok) {
          r.json().then((plan) => {
            onAdd(plan);
            toast(`${plan.name} is ready to be taught.`);
            navigate(`/workout_plans/${plan.id}`);
          });
        } else {
          r.json().then((err) => setErrors(err.errors));
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
