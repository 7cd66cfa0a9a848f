import { Field } from "../ui/Form.jsx";
import { clock, DAYS, HOURS } from "../words.js";

export default function WhenFields({ day, hour, onDay, onHour }) {
  return (
    <>
      <Field label="Day" name="day" as="select" value={day} onChange={(event) => onDay(event.target.value)}>
        {DAYS.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </Field>
      <Field label="Starts at" name="hour" as="select" value={hour} onChange={(event) => onHour(event.target.value)}>
        {HOURS.map((value) => (
          <option key={value} value={value}>
            {clock(value)}
          </option>
        ))}
      </Field>
    </>
  );
}
