import { Link } from "react-router-dom";
import Avatar from "../ui/Avatar.jsx";
import Icon from "../ui/Icon.jsx";
import Page from "../ui/Page.jsx";
import { Empty, Loading } from "../ui/states.jsx";
import { count } from "../words.js";

export default function CoachList({ coaches, schedules }) {
  const classes = (id) => (schedules ?? []).filter((row) => row.coach_id === id).length;

  return (
    <Page
      title="Coaches"
      lead="The people who teach here, and what they teach best."
      actions={
        <Link className="button primary" to="/coaches/new">
          <Icon name="plus" /> Add coach
        </Link>
      }
    >
      {!coaches && <Loading what="coaches" />}
      {coaches?.length === 0 && <Empty title="No coaches yet">Add the first one to fill the timetable.</Empty>}
      {coaches?.length > 0 && (
        <ul className="grid" aria-label="Coaches">
          {coaches.map((coach) => (
            <li className="card coach" key={coach.id}>
              <Avatar row={coach} />
              <div>
                <h2>
                  <Link className="cover" to={`/coaches/${coach.id}`}>
                    {coach.name}
                  </Link>
                </h2>
                <p className="meta">{coach.specialty}</p>
              </div>
              <p className="prose">{coach.bio}</p>
              <p className="foot">{count(classes(coach.id), "class", "classes")} a week</p>
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}
