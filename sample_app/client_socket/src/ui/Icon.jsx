const PATHS = {
  home: "M4 11.5 12 5l8 6.5M6 10v9h12v-9M10 19v-5h4v5",
  coaches: "M12 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM5 20c.6-4 3.4-6 7-6s6.4 2 7 6",
  plans: "M7 4h10a1 1 0 0 1 1 1v15H6V5a1 1 0 0 1 1-1ZM9.5 9h5M9.5 12.5h5M9.5 16h3",
  moves: "M3.5 10v4M6.5 7.5v9M17.5 7.5v9M20.5 10v4M6.5 12h11",
  timetable: "M5 6h14v14H5zM5 10.5h14M9 3.5V7M15 3.5V7M9 14h2M13.5 14h2M9 17h2",
  back: "M14.5 6 8.5 12l6 6",
  plus: "M12 5.5v13M5.5 12h13",
  edit: "M5 19l.8-3.6L15.5 5.7a1.5 1.5 0 0 1 2.1 0l.7.7a1.5 1.5 0 0 1 0 2.1L8.6 18.2 5 19ZM14 7.5l2.5 2.5",
  bin: "M5.5 7h13M9.5 7V4.5h5V7M7 7l.8 12.5h8.4L17 7M10.5 10.5v5.5M13.5 10.5v5.5",
  refresh: "M19 12a7 7 0 1 1-2.2-5.1M19.5 4v4h-4",
};

export default function Icon({ name }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
