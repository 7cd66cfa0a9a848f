import { useState } from "react";
import { useNavigate } from "react-router-dom";
import { Buttons, Form } from "../ui/Form.jsx";
import Page from "../ui/Page.jsx";
import { useToast } from "../ui/Toast.jsx";
import MoveFields from "./MoveFields.jsx";
import { socket } from "../socket.js";

export default function MoveForm({ onAdd }) {
  const [values, setValues] = useState({ name: "", focus: "", equipment: "", cue: "" });
  const [errors, setErrors] = useState({});
  const navigate = useNavigate();
  const toast = useToast();

  function handleSubmit(event) {
    event.preventDefault();
    socket.emit("new_exercise_move", values, (result) => {
      if (result.status === 201) {
        const move = result.data;
        onAdd(move);
        toast(`${move.name} is in the library.`);
        navigate(`/exercise_moves/${move.id}`);
      } else {
        // a name that is taken comes back as one sentence, everything else by field
        const err = result.data;
        setErrors(err.errors || { name: [err.error] });
      }
    });
  }

  return (
    <Page title="New move" back={{ to: "/exercise_moves", label: "Exercise moves" }}>
      <Form label="New move" errors={errors} onSubmit={handleSubmit}>
        <MoveFields values={values} onChange={setValues} />
        <Buttons save="Save move" onCancel={() => navigate("/exercise_moves")} />
      </Form>
    </Page>
  );
}
