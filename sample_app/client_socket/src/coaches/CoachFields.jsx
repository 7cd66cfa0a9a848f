import { Field } from "../ui/Form.jsx";

export default function CoachFields({ formik }) {
  const field = (name) => ({ name, value: formik.values[name] ?? "", onChange: formik.handleChange });

  return (
    <>
      <div className="row">
        <Field label="Name" autoComplete="off" {...field("name")} />
        <Field label="Age" type="number" inputMode="numeric" {...field("age")} />
      </div>
      <Field label="Specialty" {...field("specialty")} />
      <Field label="Bio" as="textarea" rows={3} hint="One or two sentences for the card." {...field("bio")} />
      <fieldset>
        <legend>Login, if the coach may change the timetable</legend>
        <div className="row even">
          <Field label="Username" autoComplete="off" {...field("username")} />
          <Field
            label="Password"
            type="password"
            autoComplete="new-password"
            hint="At least eight characters."
            {...field("password")}
          />
        </div>
      </fieldset>
    </>
  );
}
