import { createContext, useContext, useEffect, useId, useRef } from "react";
import { count } from "../words.js";

const ErrorsContext = createContext({});

/** A form that shows what the server said about each field, and goes to the first of them. */
export function Form({ label, errors, problem, onSubmit, children }) {
  const form = useRef(null);
  const fields = Object.keys(errors ?? {}).length;

  useEffect(() => {
    if (fields) form.current.querySelector("[aria-invalid=true]")?.focus();
  }, [errors, fields]);

  return (
    <ErrorsContext.Provider value={errors ?? {}}>
      <form className="card form" aria-label={label} ref={form} onSubmit={onSubmit} noValidate>
        {(problem || fields > 0) && (
          <p className="banner" role="alert">
            {problem || `Not saved yet: please look at ${count(fields, "field")} again.`}
          </p>
        )}
        {children}
      </form>
    </ErrorsContext.Provider>
  );
}

export function Field({ label, name, hint, as: Tag = "input", children, ...rest }) {
  const id = useId();
  const messages = [useContext(ErrorsContext)[name] ?? []].flat();
  const notes = [hint && `${id}-hint`, messages.length > 0 && `${id}-error`].filter(Boolean).join(" ");

  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <Tag id={id} name={name} aria-invalid={messages.length > 0} aria-describedby={notes || undefined} {...rest}>
        {children}
      </Tag>
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {messages.length > 0 && (
        <p className="field-error" id={`${id}-error`}>
          {messages.join(" ")}
        </p>
      )}
    </div>
  );
}

export function Buttons({ save, onCancel }) {
  return (
    <div className="actions">
      <button className="primary" type="submit">
        {save}
      </button>
      {onCancel && (
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
      )}
    </div>
  );
}
