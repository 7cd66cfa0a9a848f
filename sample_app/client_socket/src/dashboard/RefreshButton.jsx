import Icon from "../ui/Icon.jsx";
import { useToast } from "../ui/Toast.jsx";

/** Calls whatever loads the page's data; to this button it is just something to fetch. */
export default function RefreshButton({ fetch, busy }) {
  const toast = useToast();

  return (
    <button type="button" disabled={busy} onClick={() => fetch().then(() => toast("Up to date."))}>
      <Icon name="refresh" /> Refresh
    </button>
  );
}
