"""What people do in the studio's front end, as functions of a page and the address it lives at.

They see roles, labels and texts only, so they drive any front end that looks the same: the legacy one, and
the one that came out of the move. Each of them expects the sample data and leaves behind what it did.
"""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from sample_app.server.seed import COACHES, MOVES, PASSWORD, PLANS, SCHEDULES


def visit(page: Page, base_url: str, path: str, heading: str) -> None:
    """Open a page as if by typing its address, and wait until it shows."""
    page.goto(f"{base_url}{path}")
    expect_heading(page, heading)


def expect_heading(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()


def expect_toast(page: Page, text: str) -> None:
    expect(page.get_by_role("status", name="Notice")).to_contain_text(text)


def cards(page: Page, name: str) -> Locator:
    """The cards of a list; moves within a card of a plan are items too, but not of this list."""
    return page.get_by_role("list", name=name, exact=True).locator(":scope > li")


def form(page: Page, name: str) -> Locator:
    return page.get_by_role("form", name=name)


def expect_error(form: Locator, label: str, message: str) -> None:
    """The field is marked, and described by what is wrong with it."""
    field = form.get_by_label(label, exact=True)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(message)


def confirm_delete(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("alertdialog")).to_have_count(0)


def see_everything(page: Page, base_url: str) -> None:
    """Every list shows all of the sample data, on a fresh load of its page."""
    visit(page, base_url, "/", "Today at the studio")
    numbers = page.get_by_role("list", name="Numbers")
    for total, label in ((len(SCHEDULES), "Classes a week"), (len(MOVES), "Moves")):
        expect(numbers.get_by_role("link", name=f"{total} {label}")).to_be_visible()
    visit(page, base_url, "/coaches", "Coaches")
    expect(cards(page, "Coaches")).to_have_count(len(COACHES))
    expect(cards(page, "Coaches").first).to_contain_text("3 classes a week")
    visit(page, base_url, "/workout_plans", "Workout plans")
    expect(cards(page, "Workout plans")).to_have_count(len(PLANS))
    visit(page, base_url, "/exercise_moves", "Exercise moves")
    expect(cards(page, "Exercise moves")).to_have_count(len(MOVES))
    visit(page, base_url, "/schedules", "Timetable")
    expect(cards(page, "Classes on Monday")).to_have_count(3)
    expect(cards(page, "Classes on Sunday")).to_have_count(1)


def refresh_dashboard(page: Page, base_url: str) -> None:
    """The refresh button loads the page's data again."""
    visit(page, base_url, "/", "Today at the studio")
    page.get_by_role("button", name="Refresh").click()
    expect_toast(page, "Up to date.")


def filter_moves(page: Page, base_url: str) -> None:
    """The filter narrows the moves to one focus, survives a reload, and can be taken off."""
    visit(page, base_url, "/exercise_moves", "Exercise moves")
    page.get_by_role("button", name="Legs").click()
    expect(cards(page, "Exercise moves")).to_have_count(4)
    page.reload()
    expect(page.get_by_role("button", name="Legs")).to_have_attribute("aria-pressed", "true")
    expect(cards(page, "Exercise moves")).to_have_count(4)
    page.get_by_role("button", name="Full body").click()
    expect(cards(page, "Exercise moves")).to_have_count(3)
    page.get_by_role("button", name="All").click()
    expect(cards(page, "Exercise moves")).to_have_count(len(MOVES))


def log_in(page: Page, base_url: str, username: str = "maya") -> None:
    """A wrong password is told, the right one opens the timetable, and a reload stays logged in."""
    visit(page, base_url, "/login", "Log in")
    login = form(page, "Log in")
    login.get_by_label("Username").fill(username)
    login.get_by_label("Password").fill("wrong")
    login.get_by_role("button", name="Log in").click()
    expect(login.get_by_role("alert")).to_have_text("Wrong username or password.")
    login.get_by_label("Password").fill(PASSWORD)
    login.get_by_role("button", name="Log in").click()
    expect_heading(page, "Timetable")
    expect_toast(page, "Welcome back")
    page.reload()
    expect(page.get_by_role("button", name="Add class")).to_be_visible()


def log_out(page: Page, base_url: str) -> None:
    """Logging out takes the buttons away, and a reload stays logged out."""
    visit(page, base_url, "/schedules", "Timetable")
    page.get_by_role("button", name="Log out").click()
    expect_toast(page, "Logged out")
    expect(page.get_by_role("button", name="Add class")).to_have_count(0)
    page.wait_for_timeout(500)  # the page waits for no answer, so there is nothing to be seen of it
    page.reload()
    expect(page.get_by_role("link", name="Log in").first).to_be_visible()
    expect(page.get_by_role("button", name="Add class")).to_have_count(0)


def coach_life(page: Page, base_url: str) -> None:
    """A coach is refused, added, changed and removed, and each of it outlives a reload."""
    visit(page, base_url, "/coaches", "Coaches")
    page.get_by_role("link", name="Add coach").click()
    new = form(page, "New coach")
    new.get_by_label("Name", exact=True).fill("R2")
    new.get_by_label("Age").fill("30")
    new.get_by_label("Specialty").fill("Rowing")
    new.get_by_role("button", name="Save coach").click()
    expect_error(new, "Name", "A name has no digits in it.")
    new.get_by_label("Name", exact=True).fill("Ida Holm")
    new.get_by_label("Age").fill("7")
    new.get_by_role("button", name="Save coach").click()
    expect_error(new, "Age", "Between 18 and 80, please.")
    new.get_by_label("Age").fill("30")
    new.get_by_role("button", name="Save coach").click()
    expect_toast(page, "Ida Holm joined the team.")
    expect_heading(page, "Ida Holm")

    page.reload()
    page.get_by_role("button", name="Edit coach").click()
    edit = form(page, "Edit coach")
    edit.get_by_label("Specialty").fill("")
    edit.get_by_role("button", name="Save changes").click()
    expect_error(edit, "Specialty", "Length must be between 2 and 60.")
    edit.get_by_label("Specialty").fill("Sculling")
    edit.get_by_role("button", name="Save changes").click()
    expect_toast(page, "Changes saved.")
    page.get_by_role("link", name="Coaches").first.click()
    expect(cards(page, "Coaches").filter(has_text="Sculling")).to_have_count(1)

    page.get_by_role("link", name="Ida Holm").click()
    confirm_delete(page, "Delete coach")
    expect_toast(page, "Ida Holm was removed.")
    expect(cards(page, "Coaches")).to_have_count(len(COACHES))
    page.reload()
    expect(cards(page, "Coaches")).to_have_count(len(COACHES))


def coach_takes_classes_along(page: Page, base_url: str) -> None:
    """A coach who is removed takes their classes off the timetable."""
    visit(page, base_url, "/coaches/4", "Henrik Dahl")
    expect(page.get_by_role("region", name="Classes")).to_contain_text("Sunday reset")
    confirm_delete(page, "Delete coach")
    page.get_by_role("link", name="Timetable").click()
    expect(page.get_by_role("region", name="Sunday")).to_contain_text("No classes")
    page.reload()
    expect(page.get_by_role("region", name="Sunday")).to_contain_text("No classes")


def plan_life(page: Page, base_url: str) -> None:
    """A plan is refused, added with moves, changed and deleted, and each of it outlives a reload."""
    visit(page, base_url, "/workout_plans", "Workout plans")
    page.get_by_role("link", name="Add plan").click()
    new = form(page, "New plan")
    new.get_by_label("Name", exact=True).fill("Bells only")
    new.get_by_label("Minutes").fill("33")
    new.get_by_label("Plank").check()
    new.get_by_role("button", name="Save plan").click()
    expect(new.get_by_label("Difficulty")).to_have_attribute("aria-invalid", "true")
    new.get_by_label("Difficulty").select_option("Beginner")
    new.get_by_role("button", name="Save plan").click()
    expect_error(new, "Minutes", "Plan in steps of five minutes.")
    new.get_by_label("Minutes").fill("35")
    new.get_by_role("button", name="Save plan").click()
    expect_error(new, "Name", "There is a plan of this name already.")
    new.get_by_label("Name", exact=True).fill("Slow start")
    new.get_by_role("button", name="Save plan").click()
    expect_toast(page, "Slow start is ready to be taught.")

    page.reload()
    expect(page.get_by_role("region", name="Moves").get_by_role("listitem")).to_have_count(1)
    page.get_by_role("button", name="Edit plan").click()
    edit = form(page, "Edit plan")
    edit.get_by_label("Dead bug").check()
    edit.get_by_role("button", name="Save changes").click()
    expect_toast(page, "Changes saved.")
    expect(page.get_by_role("region", name="Moves").get_by_role("listitem")).to_have_count(2)
    page.reload()
    expect(page.get_by_role("region", name="Moves")).to_contain_text("Dead bug")
    confirm_delete(page, "Delete plan")
    expect_toast(page, "Slow start was deleted.")
    expect(cards(page, "Workout plans")).to_have_count(len(PLANS))
    page.reload()
    expect(cards(page, "Workout plans")).to_have_count(len(PLANS))


def taught_plan_stays(page: Page, base_url: str) -> None:
    """A plan on the timetable is not deleted, and the page says why."""
    visit(page, base_url, "/workout_plans/1", "First barbell")
    confirm_delete(page, "Delete plan")
    expect(page.get_by_role("alert")).to_have_text("First barbell is on the timetable. Take it off there first.")


def move_life(page: Page, base_url: str) -> None:
    """A move is refused, added, changed on its own page and deleted, and each of it outlives a reload."""
    visit(page, base_url, "/exercise_moves", "Exercise moves")
    page.get_by_role("link", name="Add move").click()
    new = form(page, "New move")
    new.get_by_label("Name", exact=True).fill("Plank")
    new.get_by_role("button", name="Save move").click()
    expect(new.get_by_label("Focus")).to_have_attribute("aria-invalid", "true")
    new.get_by_label("Focus").select_option("Core")
    new.get_by_role("button", name="Save move").click()
    expect_error(new, "Name", "There is a move of this name already.")
    new.get_by_label("Name", exact=True).fill("Bear crawl")
    new.get_by_role("button", name="Save move").click()
    expect_toast(page, "Bear crawl is in the library.")

    page.reload()
    page.get_by_role("button", name="Edit move").click()
    edit = form(page, "Edit move")
    edit.get_by_label("Name", exact=True).fill("B")
    edit.get_by_role("button", name="Save changes").click()
    expect_error(edit, "Name", "Length must be between 2 and 60.")
    edit.get_by_label("Name", exact=True).fill("Bear walk")
    edit.get_by_role("button", name="Save changes").click()
    expect_toast(page, "Changes saved.")
    expect_heading(page, "Bear walk")
    page.reload()
    expect_heading(page, "Bear walk")
    confirm_delete(page, "Delete move")
    expect_toast(page, "Bear walk was deleted.")
    expect(cards(page, "Exercise moves")).to_have_count(len(MOVES))
    page.reload()
    expect(cards(page, "Exercise moves")).to_have_count(len(MOVES))


def unknown_rows(page: Page, base_url: str) -> None:
    """A row that does not exist has a page that says so."""
    for path, title in (
        ("/coaches/99", "No such coach"),
        ("/workout_plans/99", "No such plan"),
        ("/exercise_moves/99", "No such move"),
    ):
        page.goto(f"{base_url}{path}")
        expect(page.get_by_role("heading", name=title)).to_be_visible()


def class_life(page: Page, base_url: str) -> None:
    """A coach who is logged in adds, moves and takes off a class, and each of it outlives a reload."""
    log_in(page, base_url)
    page.get_by_role("button", name="Add class").click()
    new = form(page, "New class")
    new.get_by_label("Plan").select_option("Steady core")
    new.get_by_label("Day").select_option("Monday")
    new.get_by_label("Starts at").select_option("07:00")
    new.get_by_role("button", name="Save class").click()
    expect_error(new, "Coach", "Choose one from the list.")
    new.get_by_label("Coach").select_option("Maya Lindqvist")
    new.get_by_role("button", name="Save class").click()
    expect_error(new, "Starts at", "This coach already teaches at that hour.")
    new.get_by_label("Starts at").select_option("09:00")
    new.get_by_role("button", name="Save class").click()
    expect_toast(page, "Steady core is on the timetable.")
    expect(cards(page, "Classes on Monday")).to_have_count(4)

    page.reload()
    page.get_by_role("button", name="Move Steady core on Monday at 09:00").click()
    edit = form(page, "Move class")
    edit.get_by_label("Starts at").select_option("07:00")
    edit.get_by_role("button", name="Save changes").click()
    expect_error(edit, "Starts at", "This coach already teaches at that hour.")
    edit.get_by_label("Day").select_option("Sunday")
    edit.get_by_role("button", name="Save changes").click()
    expect_toast(page, "Moved to Sunday at 07:00.")
    expect(cards(page, "Classes on Sunday")).to_have_count(2)
    page.reload()
    expect(cards(page, "Classes on Sunday").first).to_contain_text("Steady core")
    confirm_delete(page, "Delete Steady core on Sunday at 07:00")
    expect_toast(page, "The class is off the timetable.")
    expect(cards(page, "Classes on Sunday")).to_have_count(1)
    page.reload()
    expect(cards(page, "Classes on Sunday")).to_have_count(1)


def ask_weather_offline(page: Page, base_url: str) -> None:
    """Where the forecast is out of reach the dashboard says so, and goes on."""
    page.route("https://api.open-meteo.com/**", lambda route: route.abort())
    visit(page, base_url, "/", "Today at the studio")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("status", name="Forecast")).to_contain_text("out of reach")


READING = (see_everything, refresh_dashboard, filter_moves, unknown_rows, ask_weather_offline)
WRITING = (coach_life, coach_takes_classes_along, plan_life, taught_plan_stays, move_life, class_life)
ALL = (*READING, *WRITING)
