import { useFormik } from "formik";
import { useState } from "react";
import { Buttons, Form } from "../ui/Form.jsx";
import CoachFields from "./CoachFields.jsx";
import { socket } from "../socket.js";

export default function CoachEdit({ coach, onUpdate, onCancel }) {
  const [errors, setErrors] = useState({});
  const { id } = coach;

  const formik = useFormik({
    initialValues: { ...coach, password: "" },
    onSubmit: (values) => {
      socket.emit("update_coach", { id }, values, (result) => {
        if (result.ok) {
          onUpdate(result.data);
        } else {
          setErrors(result.data.errors);
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
