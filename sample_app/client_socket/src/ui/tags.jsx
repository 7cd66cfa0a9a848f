import { DIFFICULTIES } from "../words.js";

export function Focus({ of }) {
  return <span className={`tag focus-${of.toLowerCase().replace(" ", "-")}`}>{of}</span>;
}

export function Difficulty({ of }) {
  const level = DIFFICULTIES.indexOf(of) + 1;
  return (
    <span className="difficulty">
      <svg viewBox="0 0 13 12" aria-hidden="true">
        {[1, 2, 3].map((bar) => (
          <rect
            key={bar}
            x={bar * 5 - 5}
            y={12 - bar * 4}
            width="3"
            height={bar * 4}
            rx="1"
            opacity={bar <= level ? 1 : 0.22}
          />
        ))}
      </svg>
      {of}
    </span>
  );
}
