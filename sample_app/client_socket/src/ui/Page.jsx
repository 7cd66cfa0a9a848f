import { useEffect } from "react";
import { Link } from "react-router-dom";
import Icon from "./Icon.jsx";

export default function Page({ title, lead, back, actions, children }) {
  useEffect(() => {
    document.title = `${title} · Tempo`;
    window.scrollTo(0, 0);
  }, [title]);

  return (
    <>
      {back && (
        <Link className="back" to={back.to}>
          <Icon name="back" /> {back.label}
        </Link>
      )}
      <header className="page-head">
        <div>
          <h1>{title}</h1>
          {lead && <p className="lead">{lead}</p>}
        </div>
        {actions && <div className="actions">{actions}</div>}
      </header>
      {children}
    </>
  );
}
