import { useState } from "react";
import { Navigate, useNavigate } from "react-router-dom";
import { Buttons, Field, Form } from "../ui/Form.jsx";
import Page from "../ui/Page.jsx";
import { useToast } from "../ui/Toast.jsx";
import { socket, TIMEOUT, json } from "../socket.js";

export default function Login({ user, onLogin }) {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState("");
  const navigate = useNavigate();
  const toast = useToast();

  if (user) return <Navigate to="/schedules" replace />;

  async function handleSubmit(event) {
    event.preventDefault();
    const r = await socket.timeout(TIMEOUT).emitWithAck("login", { username, password });
    if (r.ok) {
      const coach = json(r);
      onLogin(coach);
      toast(`Welcome back, ${coach.name.split(" ")[0]}.`);
      navigate("/schedules");
    } else {
      const err = json(r);
      setProblem(err.error);
    }
  }

  return (
    <Page title="Log in" lead="Coaches log in to change the timetable.">
      <div className="narrow">
        <Form label="Log in" problem={problem} onSubmit={handleSubmit}>
          <Field
            label="Username"
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            value={username}
            onChange={(event) => setUsername(event.target.value)}
          />
          <Field
            label="Password"
            name="password"
            type="password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          <Buttons save="Log in" />
        </Form>
        <p className="note">
          The sample data know <code>maya</code>, <code>tomasz</code> and <code>adaeze</code>, all with the password{" "}
          <code>chalk-and-iron</code>.
        </p>
      </div>
    </Page>
  );
}
