import { Link } from "react-router-dom";
import Icon from "../ui/Icon.jsx";
import Page from "../ui/Page.jsx";
import { Empty, Loading } from "../ui/states.jsx";
import { Difficulty } from "../ui/tags.jsx";

export default function PlanList({ plans }) {
  return (
    <Page
      title="Workout plans"
      lead="What a class is made of, minute for minute."
      actions={
        <Link className="button primary" to="/workout_plans/new">
          <Icon name="plus" /> Add plan
        </Link>
      }
    >
      {!plans && <Loading what="plans" />}
      {plans?.length === 0 && <Empty title="No plans yet">Put some moves together and give them a name.</Empty>}
      {plans?.length > 0 && (
        <ul className="grid wide" aria-label="Workout plans">
          {plans.map((plan) => (
            <li className="card plan" key={plan.id}>
              <div className="split">
                <Difficulty of={plan.difficulty} />
                <span className="minutes">
                  <b>{plan.minutes}</b> min
                </span>
              </div>
              <h2>
                <Link className="cover" to={`/workout_plans/${plan.id}`}>
                  {plan.name}
                </Link>
              </h2>
              <p className="prose">{plan.description}</p>
              <ul className="chips" aria-label={`Moves of ${plan.name}`}>
                {plan.exercise_moves.map((move) => (
                  <li key={move.id}>{move.name}</li>
                ))}
                {plan.exercise_moves.length === 0 && <li className="none">No moves yet</li>}
              </ul>
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}
