import { useState } from "react";
import { Buttons, Form } from "../ui/Form.jsx";
import MoveFields from "./MoveFields.jsx";
import { socket } from "../socket.js";

export default function MoveEdit({ move, onUpdate, onCancel }) {
  const [values, setValues] = useState(move);
  const [errors, setErrors] = useState({});

  function handleSubmit(event) {
    event.preventDefault();
    // we are on /exercise_moves/:id, so the id is enough
    socket.emit("update_exercise_move", values, (result) => {
      if (result.ok) {
        onUpdate(result.data);
      } else {
        const err = result.data;
        setErrors(err.errors || { name: [err.error] });
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
