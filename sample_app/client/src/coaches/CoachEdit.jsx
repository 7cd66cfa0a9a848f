import { useFormik } from "formik";
import { useState } from "react";
import { Buttons, Form } from "../ui/Form.jsx";
import CoachFields from "./CoachFields.jsx";

export default function CoachEdit({ coach, onUpdate, onCancel }) {
  const [errors, setErrors] = useState({});
  const { id } = coach;

  const formik = useFormik({
    initialValues: { ...coach, password: "" },
    onSubmit: (values) => {
      fetch(`/coaches/${id}`, {
        method: "PATCH",
        headers: {
          "Content-Type": "application/json",
          Accept: "application/json",
        },
        body: JSON.stringify(values),
      }).then((r) => {
        if (r.ok) {
          r.json().then((updated) => onUpdate(updated));
        } else {
          r.json().then((err) => setErrors(err.errors));
        }
      });
    },
  });

  return (
    <Form label="Edit coach" errors={errors} onSubmit={formik.handleSubmit}>
      <CoachFields formik={formik} />
      <Buttons save="Save changes" onCancel={onCancel} />
    </Form>
  );
}
