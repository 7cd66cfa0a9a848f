import { useFormik } from "formik";
import { useState } from "react";
import { useNavigate } from "react-router-dom";
import { Buttons, Form } from "../ui/Form.jsx";
import Page from "../ui/Page.jsx";
import { useToast } from "../ui/Toast.jsx";
import CoachFields from "./CoachFields.jsx";
import { socket } from "../socket.js";

export default function CoachForm({ onAdd }) {
  const [errors, setErrors] = useState({});
  const navigate = useNavigate();
  const toast = useToast();

  const formik = useFormik({
    initialValues: { name: "", age: "", specialty: "", bio: "", username: "", password: "" },
    onSubmit: (values) => {
      socket.emit("new_coach", values, (result) => {
        if (result.ok) {
          const coach = result.data;
          onAdd(coach);
          toast(`${coach.name} joined the team.`);
          navigate(`/coaches/${coach.id}`);
        } else {
          setErrors(result.data.errors);
        }
      });
    },
  });

  return (
    <Page title="New coach" back={{ to: "/coaches", label: "Coaches" }}>
      <Form label="New coach" errors={errors} onSubmit={formik.handleSubmit}>
        <CoachFields formik={formik} />
        <Buttons save="Save coach" onCancel={() => navigate("/coaches")} />
      </Form>
    </Page>
  );
}
