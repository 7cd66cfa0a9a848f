import { useState } from "react";
import { Buttons, Form } from "../ui/Form.jsx";
import MoveFields from "./MoveFields.jsx";

export default function MoveEdit({ move, onUpdate, onCancel }) {
  const [values, setValues] = useState(move);
  const [errors, setErrors] = useState({});

  function handleSubmit(event) {
    event.preventDefault();
    // we are on /exercise_moves/:id, so the id is enough
    fetch(`${values.id}`, {
      method: "PATCH",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(values),
    }).then((r) => {
      if (r.ok) {
        r.json().then((updated) => onUpdate(updated));
      } else {
        r.json().then((err) => setErrors(err.errors || { name: [err.error] }));
      }
    });
  }

  return (
    <Form label="Edit move" errors={errors} onSubmit={handleSubmit}>
      <MoveFields values={values} onChange={setValues} />
      <Buttons save="Save changes" onCancel={onCancel} />
    </Form>
  );
}
