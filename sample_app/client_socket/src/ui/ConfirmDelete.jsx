import { useEffect, useRef, useState } from "react";
import Icon from "./Icon.jsx";

/** A delete button that asks first. */
export default function ConfirmDelete({ label, question, children, onConfirm, compact = false }) {
  const [open, setOpen] = useState(false);
  const dialog = useRef(null);
  const keep = useRef(null);

  useEffect(() => {
    if (!open) return;
    dialog.current.showModal();
    keep.current.focus(); // Enter, pressed too soon, deletes nothing
  }, [open]);

  return (
    <>
      <button
        className={compact ? "icon-button danger" : "danger"}
        type="button"
        aria-label={label}
        title={compact ? label : undefined}
        onClick={() => setOpen(true)}
      >
        <Icon name="bin" />
        {!compact && "Delete"}
      </button>
      {open && (
        <dialog ref={dialog} role="alertdialog" aria-label={question} onClose={() => setOpen(false)}>
          <h2>{question}</h2>
          <p>{children}</p>
          <div className="actions">
            <button
              className="danger solid"
              type="button"
              onClick={() => {
                dialog.current.close();
                onConfirm();
              }}
            >
              Delete
            </button>
            <button type="button" ref={keep} onClick={() => dialog.current.close()}>
              Keep
            </button>
          </div>
        </dialog>
      )}
    </>
  );
}
