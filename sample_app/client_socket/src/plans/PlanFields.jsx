import { Field } from "../ui/Form.jsx";
import { DIFFICULTIES, FOCUSES } from "../words.js";

export default function PlanFields({ formik, moves }) {
  const field = (name) => ({ name, value: formik.values[name], onChange: formik.handleChange });
  const chosen = formik.values.exercise_move_ids;

  function toggle(id) {
    const ids = chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id];
    formik.setFieldValue("exercise_move_ids", ids);
  }

  return (
    <>
      <Field label="Name" autoComplete="off" {...field("name")} />
      <div className="row even">
        <Field label="Difficulty" as="select" {...field("difficulty")}>
          <option value="">Choose…</option>
          {DIFFICULTIES.map((difficulty) => (
            <option key={difficulty}>{difficulty}</option>
          ))}
        </Field>
        <Field label="Minutes" type="number" inputMode="numeric" step="5" {...field("minutes")} />
      </div>
      <Field label="Description" as="textarea" rows={2} {...field("description")} />
      <fieldset>
        <legend>Moves</legend>
        {FOCUSES.map((focus) => {
          const group = (moves ?? []).filter((move) => move.focus === focus);
          return (
            group.length > 0 && (
              <div className="picker" key={focus}>
                <span className="picker-name">{focus}</span>
                <div className="chips">
                  {group.map((move) => (
                    <label className="pick" key={move.id}>
                      <input type="checkbox" checked={chosen.includes(move.id)} onChange={() => toggle(move.id)} />
                      {move.name}
                    </label>
                  ))}
                </div>
              </div>
            )
          );
        })}
      </fieldset>
    </>
  );
}
