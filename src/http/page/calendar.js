// The calendar: month, week and list by FullCalendar. Its own toolbar is left out: ours speaks the page's
// language, and its icons would need a font.
import { calendarEvents } from "./calendar_events.js";
import { announce, choice, el } from "./dom.js";
import { explainDay } from "./explain.js";
import { addDays, cityOf, longDay, ownZone, wallClock } from "./times.js";
import { say } from "./words.js";

const views = { view_month: "dayGridMonth", view_week: "timeGridWeek", view_list: "fortnight" };
// What stands left of the days in a week.
const hours_width = 64;
const narrow = matchMedia("(max-width: 640px)");

function loadFullCalendar(page) {
    return new Promise((resolve, reject) => {
        const script = el("script", { src: `${page.assets}fullcalendar.js`, onload: () => resolve(window.FullCalendar),
            onerror: () => reject(new Error("fullcalendar.js")) });
        document.head.append(script);
    });
}

const french = { code: "fr", week: { dow: 1, doy: 4 } };
const english = { code: "en-gb", week: { dow: 1, doy: 4 } };

export async function start(content, page) {
    const { Calendar } = await loadFullCalendar(page);
    // On a phone they would be half of the list.
    const kinds = { handovers: !narrow.matches, absences: true, nights: true, swaps: true, incidents: true };
    let zone = page.zone;
    let chosen = false; // the view

    const title = el("h3", { class: "calendar-title" });
    const place = el("div", { class: "calendar" });
    const zones = [[page.zone, cityOf(page.zone)]];
    if (ownZone !== page.zone) zones.push([ownZone, say("your_zone", cityOf(ownZone))]);
    const zoneChoice = choice(say("times_in"), zones, { onchange: (event) => { zone = event.target.value; calendar.refetchEvents(); } });
    const viewButtons = Object.entries(views).map(([word, view]) =>
        el("button", { type: "button", "data-view": view, onclick: () => { chosen = true; calendar.changeView(view); } }, say(word)));
    const kindBoxes = Object.keys(kinds).map((kind) => el("label", { class: `kind ${kind}` },
        el("input", { type: "checkbox", checked: kinds[kind], onchange: (event) => { kinds[kind] = event.target.checked; calendar.refetchEvents(); } }),
        ` ${say(`kind_${kind}`)}`));
    content.append(
        el("div", { class: "toolbar" },
            el("div", { class: "buttons" },
                el("button", { type: "button", "aria-label": say("previous"), onclick: () => calendar.prev() }, "‹"),
                el("button", { type: "button", onclick: () => calendar.today() }, say("go_today")),
                el("button", { type: "button", "aria-label": say("following"), onclick: () => calendar.next() }, "›")),
            title,
            el("div", { class: "buttons", role: "group", "aria-label": say("view") }, viewButtons)),
        // Seven days are more than a phone is wide.
        el("div", { class: "scroll" }, place),
        el("div", { class: "toolbar below" },
            el("fieldset", { class: "kinds" }, el("legend", {}, say("show_kinds")), kindBoxes),
            zones.length > 1 ? zoneChoice.field : null),
        el("p", { class: "note" }, say("calendar_help")));

    // The list is a table whose column of dots has an empty head.
    const nameColumns = () => requestAnimationFrame(() => {
        for (const head of place.querySelectorAll(".fc-list-table thead th:empty")) head.textContent = say("kind");
    });
    let failed = "";
    const calendar = new Calendar(place, {
        initialView: narrow.matches ? views.view_list : views.view_month,
        headerToolbar: false, timeZone: "UTC", now: () => wallClock(Date.now(), zone), nowIndicator: true,
        locale: page.language === "fr" ? french : english, height: "auto", dayMaxEvents: 6,
        slotMinTime: "06:00:00", slotMaxTime: "24:00:00", scrollTime: "08:00:00", expandRows: true, slotDuration: "01:00:00",
        allDayText: say("all_day"), noEventsText: say("no_events"), moreLinkText: (count) => say("more_events", count), moreLinkClick: "day",
        eventTimeFormat: { hour: "2-digit", minute: "2-digit", hour12: false }, slotLabelFormat: { hour: "2-digit", minute: "2-digit", hour12: false },
        eventOrder: "order,start,title", eventDisplay: "block", displayEventEnd: true, eventInteractive: true,
        views: { dayGridMonth: { displayEventTime: false }, fortnight: { type: "list", duration: { days: 14 }, listDayFormat: { weekday: "long", day: "numeric", month: "long" }, listDaySideFormat: false } },
        navLinks: true, navLinkDayClick: (date) => explainDay(date.toISOString().slice(0, 10), page),
        navLinkHint: (text) => say("why_title", text), eventHint: "", moreLinkHint: (count) => say("more_events", count),
        dateClick: (info) => explainDay(info.dateStr.slice(0, 10), page),
        eventClick: (info) => {
            info.jsEvent.preventDefault();
            explainDay(info.event.extendedProps.day ?? info.event.startStr.slice(0, 10), page);
        },
        // A day more on each side: shifts of another zone's dates reach into what is shown.
        events: (info, done, fail) => calendarEvents(page, addDays(info.startStr.slice(0, 10), -1), addDays(info.endStr.slice(0, 10), 1), zone, kinds)
            .then((events) => { failed = ""; done(events); })
            .catch((problem) => { if (failed !== problem.message) announce(say("failed", failed = problem.message)); fail(problem); }),
        datesSet: (info) => {
            title.textContent = info.view.title;
            place.dataset.view = info.view.type;
            requestAnimationFrame(() => {
                calendar.updateSize();
                const today = place.querySelector(".fc-day-today");
                if (today !== null) place.parentElement.scrollLeft += today.getBoundingClientRect().left - place.parentElement.getBoundingClientRect().left - hours_width;
            });
            nameColumns();
            for (const button of viewButtons) button.setAttribute("aria-pressed", String(button.dataset.view === info.view.type));
        },
        eventsSet: nameColumns,
        // It is a link that leads nowhere, said to be expanded or not: a button.
        moreLinkDidMount: (info) => info.el.setAttribute("role", "button"),
        dayCellDidMount: (info) => info.el.querySelector(".fc-daygrid-day-number")?.setAttribute("aria-label", longDay(info.date.toISOString().slice(0, 10))),
    });
    calendar.render();
    narrow.addEventListener("change", () => { if (!chosen) calendar.changeView(narrow.matches ? views.view_list : views.view_month); });
}
