import { Field } from "../ui/Form.jsx";
import { FOCUSES } from "../words.js";

export default function MoveFields({ values, onChange }) {
  const field = (name) => ({
    name,
    value: values[name],
    onChange: (event) => onChange({ ...values, [name]: event.target.value }),
  });

  return (
    <>
      <Field label="Name" autoComplete="off" {...field("name")} />
      <div className="row even">
        <Field label="Focus" as="select" {...field("focus")}>
          <option value="">Choose…</option>
          {FOCUSES.map((focus) => (
            <option key={focus}>{focus}</option>
          ))}
        </Field>
        <Field label="Equipment" hint="Leave empty if none is needed." {...field("equipment")} />
      </div>
      <Field label="Cue" as="textarea" rows={2} hint="What you would say to somebody doing it." {...field("cue")} />
    </>
  );
}
