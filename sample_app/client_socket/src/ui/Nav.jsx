import { Link, NavLink } from "react-router-dom";
import Avatar from "./Avatar.jsx";
import Icon from "./Icon.jsx";
import { useToast } from "./Toast.jsx";
import { socket } from "../socket.js";

const LINKS = [
  { to: "/", label: "Today", icon: "home" },
  { to: "/schedules", label: "Timetable", icon: "timetable" },
  { to: "/coaches", label: "Coaches", icon: "coaches" },
  { to: "/workout_plans", label: "Plans", icon: "plans" },
  { to: "/exercise_moves", label: "Moves", icon: "moves" },
];

export default function Nav({ user, onLogout }) {
  const toast = useToast();

  function handleLogout() {
    socket.emit("delete_logout");
    onLogout();
    toast("Logged out. See you at the next class.");
  }

  return (
    <div className="side">
      <Link className="brand" to="/">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <path d="M7.5 13v6M12.5 9v14M19.5 9v14M24.5 13v6M12.5 16h7" />
        </svg>
        Tempo
      </Link>
      <nav aria-label="Main">
        {LINKS.map(({ to, label, icon }) => (
          <NavLink key={to} to={to} end={to === "/"}>
            <Icon name={icon} />
            {label}
          </NavLink>
        ))}
      </nav>
      <div className="account">
        {user ? (
          <>
            <Link className="whoami" to={`/coaches/${user.id}`}>
              <Avatar row={user} />
              <span>{user.name}</span>
            </Link>
            <button className="quiet" type="button" onClick={handleLogout}>
              Log out
            </button>
          </>
        ) : (
          <Link className="quiet" to="/login">
            Log in
          </Link>
        )}
      </div>
    </div>
  );
}
