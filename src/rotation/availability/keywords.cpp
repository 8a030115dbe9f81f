#include "rotation/availability/keywords.h"

#include <algorithm>
#include <array>

namespace watchbill {

namespace {

constexpr auto vacation = AbsenceKind::vacation;
constexpr auto sick = AbsenceKind::sick;
constexpr auto out_of_office = AbsenceKind::out_of_office;
constexpr auto holiday = AbsenceKind::holiday;
constexpr auto unavailable = AbsenceKind::unavailable;
constexpr auto other = AbsenceKind::other;

constexpr auto anywhere = Place::anywhere;
constexpr auto whole_title = Place::whole_title;
constexpr auto beside_mro = Place::beside_mro;
constexpr auto never = Place::never;

// Where phrases overlap the longest in a title decides the kind: "sick leave" is sick, not leave.
constexpr std::array absence_rows = {
    KeywordRow{
        "en", vacation, anywhere,
        "vacation, vacations, vacay, annual leave, paid leave, unpaid leave, on leave, leave of absence, "
        "holiday leave, parental leave, maternity leave, paternity leave, family leave, personal leave, "
        "bereavement leave, compassionate leave, study leave, garden leave, shared parental leave, pto, "
        "paid time off, time off, time off in lieu, day off, days off, morning off, afternoon off, "
        "week off, off work, personal day, comp day, flex day, mental health day, sabbatical, staycation"},
    // "Leave" alone heads a day, "leave early" a meeting. "Away" is what Outlook publishes for out of office.
    KeywordRow{"en", vacation, whole_title, "off, leave, al, half day off, flex off, jury duty"},
    KeywordRow{"en", sick, anywhere,
               "sick, sick leave, sick day, sickness, sickness leave, ill, illness, unwell, medical leave"},
    KeywordRow{"en", out_of_office, anywhere,
               "out of office, out of the office, ooo, oof, out of town, absence, absent, afk"},
    KeywordRow{"en", out_of_office, whole_title, "away, out"},
    // An outage is "unavailable" too, and its event goes to everybody.
    KeywordRow{"en", unavailable, whole_title, "unavailable, not available"},
    // Alone it may be either; "holiday" reads right for both.
    KeywordRow{"en", holiday, anywhere,
               "holiday, holidays, public holiday, bank holiday, national holiday, floating holiday"},

    KeywordRow{"fr", vacation, anywhere,
               "vacances, congé, congés, congés payés, congé payé, congé parental, congé maternité, "
               "congé paternité, congé sans solde, congé sabbatique, RTT, jour de repos, repos compensateur, "
               "jour de récup, jour de récupération, journée de récup, journée de récupération, jour off, "
               "journée off, année sabbatique"},
    // "CP" (congés payés) is also a school class, "pont" a bridge, "récup" may be of data.
    KeywordRow{"fr", vacation, whole_title, "CP, pont, récup, récupération, repos"},
    KeywordRow{"fr", sick, anywhere,
               "malade, maladie, arrêt maladie, arrêt de travail, congé maladie, congés maladie, en arrêt, "
               "souffrant, souffrante"},
    KeywordRow{"fr", out_of_office, anywhere,
               "absent, absente, absence, absent du bureau, absente du bureau, absence du bureau, "
               "hors du bureau, hors bureau, pas au bureau"},
    KeywordRow{"fr", unavailable, whole_title, "indisponible, indispo, non disponible, pas disponible"},
    // "Férié" alone folds to the Italian "ferie".
    KeywordRow{"fr", holiday, anywhere, "jour férié, jours fériés, fériés, fête nationale"},

    KeywordRow{
        "de", vacation, anywhere,
        "Urlaub, Urlaubstag, Urlaubstage, Jahresurlaub, Resturlaub, Sonderurlaub, Bildungsurlaub, "
        "Erholungsurlaub, Betriebsurlaub, Sommerurlaub, Winterurlaub, Kurzurlaub, Elternurlaub, "
        "Elternzeit, Mutterschutz, Vaterschaftsurlaub, Ferien, Betriebsferien, freier Tag, freie Tage, "
        "Tag frei, Freizeitausgleich, Zeitausgleich, Überstundenabbau, Überstundenausgleich, "
        "Gleitzeittag, Gleittag, Brückentag, Fenstertag, arbeitsfrei, dienstfrei, habe frei"},
    KeywordRow{"de", sick, anywhere,
               "krank, erkrankt, Krankheit, Krankheitstag, krankgeschrieben, krankgemeldet, Krankmeldung, "
               "Krankenstand, Kind krank, kindkrank, arbeitsunfähig"},
    KeywordRow{"de", out_of_office, anywhere,
               "abwesend, Abwesenheit, nicht im Büro, außer Haus, außerhalb des Büros, nicht im Haus, "
               "nicht im Dienst"},
    KeywordRow{"de", unavailable, whole_title, "nicht verfügbar, nicht erreichbar"},
    KeywordRow{"de", holiday, anywhere, "Feiertag, Feiertage, gesetzlicher Feiertag, Nationalfeiertag"},

    KeywordRow{
        "es", vacation, anywhere,
        "vacaciones, vacación, día libre, días libres, tarde libre, mañana libre, asuntos propios, "
        "día personal, día de permiso, permiso retribuido, permiso parental, permiso de maternidad, "
        "permiso de paternidad, baja maternal, baja paternal, baja por maternidad, baja por paternidad, "
        "licencia de maternidad, licencia de paternidad, excedencia, moscoso, año sabático, día de descanso"},
    // "Permiso" is also an access right, "puente" a bridge.
    KeywordRow{"es", vacation, whole_title, "permiso, de permiso, puente, descanso"},
    KeywordRow{
        "es", sick, anywhere,
        "enfermo, enferma, enfermedad, baja médica, baja por enfermedad, baja laboral, licencia médica, "
        "incapacidad temporal"},
    KeywordRow{"es", sick, whole_title, "baja, de baja"},  // "dar de baja": take out of service
    KeywordRow{"es", out_of_office, anywhere,
               "fuera de la oficina, fuera de oficina, fuera del trabajo, ausente, ausencia"},
    KeywordRow{"es", unavailable, whole_title, "no disponible"},
    KeywordRow{"es", holiday, anywhere,
               "festivo, festivos, día festivo, feriado, día feriado, fiesta nacional, fiesta local"},

    KeywordRow{"it", vacation, anywhere,
               "ferie, vacanza, vacanze, giorno libero, giorni liberi, giornata libera, giorno di riposo, "
               "riposo compensativo, giorno di permesso, permesso retribuito, permesso ROL, in permesso, "
               "congedo, congedo parentale, congedo di maternità, congedo di paternità, in maternità, "
               "in aspettativa, anno sabbatico"},
    KeywordRow{"it", vacation, whole_title, "permesso, riposo, maternità, paternità, aspettativa, ponte"},
    KeywordRow{"it", sick, anywhere, "malattia, in malattia, malato, malata, congedo per malattia"},
    KeywordRow{"it", out_of_office, anywhere,
               "fuori sede, fuori ufficio, fuori dall'ufficio, non in ufficio, assente, assenza"},
    KeywordRow{"it", unavailable, whole_title, "non disponibile, indisponibile"},
    KeywordRow{"it", holiday, anywhere, "festività, giorno festivo, festa nazionale"},

    KeywordRow{"pt", vacation, anywhere,
               "férias, folga, dia de folga, dia livre, dias livres, banco de horas, licença maternidade, "
               "licença de maternidade, licença paternidade, licença de paternidade, licença parental, "
               "licença sem vencimento, licença não remunerada, em licença, de licença, ano sabático"},
    KeywordRow{"pt", vacation, whole_title, "licença, recesso"},  // "licença de software"
    KeywordRow{"pt", sick, anywhere,
               "doente, doença, atestado médico, baixa médica, licença médica, licença por doença, "
               "afastamento médico"},
    KeywordRow{"pt", sick, whole_title, "atestado, baixa, de baixa"},
    KeywordRow{"pt", out_of_office, anywhere,
               "fora do escritório, fora do gabinete, fora da empresa, ausente, ausência"},
    KeywordRow{"pt", unavailable, whole_title, "indisponível, não disponível"},
    KeywordRow{"pt", holiday, anywhere, "feriado, feriados, feriado nacional, ponto facultativo"},

    KeywordRow{"nl", vacation, anywhere,
               "vakantie, vakanties, vakantiedag, vakantiedagen, zomervakantie, wintervakantie, verlof, "
               "verlofdag, verlofdagen, ouderschapsverlof, zwangerschapsverlof, bevallingsverlof, "
               "vaderschapsverlof, geboorteverlof, zorgverlof, calamiteitenverlof, vrije dag, vrije dagen, "
               "dag vrij, roostervrij, snipperdag, papadag, mamadag, ATV, ADV dag, tijd voor tijd"},
    KeywordRow{"nl", vacation, whole_title, "ADV"},
    KeywordRow{"nl", sick, anywhere, "ziek, ziekte, ziekteverlof, ziektedag, ziekmelding, ziekgemeld"},
    KeywordRow{"nl", out_of_office, anywhere,
               "afwezig, afwezigheid, niet aanwezig, niet op kantoor, buiten kantoor"},
    KeywordRow{"nl", unavailable, whole_title, "niet beschikbaar"},
    KeywordRow{"nl", holiday, anywhere, "feestdag, feestdagen, nationale feestdag"},

    // The children's, a party, the day on which somebody is back.
    KeywordRow{
        "en", other, never,
        "school holiday, school holidays, school vacation, holiday party, holiday lunch, holiday dinner, "
        "holiday season, holiday planning, vacation planning, leave planning, vacation policy, "
        "leave policy, back from vacation, back from holiday, back from holidays, back from leave, "
        "back from sick leave"},
    KeywordRow{"fr", other, never,
               "vacances scolaires, planning vacances, planning des vacances, planning congés, "
               "planning des congés, retour de vacances, retour de congé, retour de congés"},
    KeywordRow{"de", other, never, "zurück aus dem Urlaub, zurück aus Urlaub, Urlaub planen"},
    KeywordRow{"es", other, never, "vacaciones escolares, vuelta de vacaciones, vuelta de las vacaciones"},
    KeywordRow{"it", other, never, "vacanze scolastiche, piano ferie, rientro dalle ferie"},
    KeywordRow{"pt", other, never, "férias escolares, volta das férias, regresso de férias"},
    KeywordRow{"nl", other, never, "terug van vakantie"},
};

// That 4 h of the event must lie in the night keeps these apart from what is done by day.
constexpr std::array night_duty_rows = {
    KeywordRow{
        "en", other, anywhere,
        "on call, oncall, night duty, night shift, nightshift, night watch, nightwatch, night on call, "
        "night rotation, night support, overnight duty, overnight shift, standby, stand by, pager, "
        "pager duty, pagerduty, on duty, graveyard shift, after hours duty, after hours support, "
        "out of hours duty, out of hours support"},
    KeywordRow{
        "fr", other, anywhere,
        "astreinte, astreintes, garde de nuit, nuit de garde, de garde, service de nuit, équipe de nuit, "
        "poste de nuit, permanence de nuit, travail de nuit, shift de nuit"},
    KeywordRow{"fr", other, whole_title, "garde, permanence"},  // "garde des enfants"
    KeywordRow{"de", other, anywhere,
               "Bereitschaft, Bereitschaftsdienst, Rufbereitschaft, Rufdienst, Nachtdienst, Nachtschicht, "
               "Nachtbereitschaft, Nachtwache, Nachteinsatz, Notdienst, Hintergrunddienst, Pikett, "
               "Pikettdienst, Spätdienst Bereitschaft"},
    KeywordRow{"es", other, anywhere,
               "guardia, guardias, guardia nocturna, guardia de noche, de guardia, turno de noche, "
               "turno nocturno, turno noche, servicio nocturno, retén, guardia localizada"},
    KeywordRow{"it", other, anywhere,
               "reperibilità, reperibile, turno di notte, turno notturno, turno notte, guardia notturna, "
               "servizio notturno, notte di guardia"},
    KeywordRow{
        "pt", other, anywhere,
        "plantão, plantões, plantão noturno, sobreaviso, turno da noite, turno noturno, turno nocturno, "
        "serviço noturno, serviço nocturno, de piquete, de prevenção"},
    KeywordRow{
        "nl", other, anywhere,
        "nachtdienst, nachtwacht, nachtploeg, piket, piketdienst, bereikbaarheidsdienst, "
        "beschikbaarheidsdienst, consignatie, consignatiedienst, wachtdienst, van wacht, oproepdienst, "
        "storingsdienst"},
    KeywordRow{"en", other, never, "not on call, no on call, not on duty"},
    KeywordRow{"fr", other, never, "pas d'astreinte, pas de garde, fin d'astreinte"},
    KeywordRow{"de", other, never, "keine Bereitschaft, keine Rufbereitschaft"},
};

// Words for a change of hands in general ("Wechsel", "Übernahme", "overname") are left out: they also name
// the daily handover.
constexpr std::array swap_rows = {
    KeywordRow{"en", other, beside_mro, "swap, swaps, swapping, swapped, trade"},
    KeywordRow{"en", other, anywhere,
               "shift swap, swap shift, swap shifts, swap of shifts, duty swap, swap duty, swap duties, "
               "on call swap, swap on call"},
    KeywordRow{"en", other, whole_title, "swap, swap with"},
    KeywordRow{"fr", other, beside_mro, "échange, échanger, troc, permutation, permuter"},
    KeywordRow{"fr", other, anywhere,
               "échange de garde, échange de gardes, échange d'astreinte, échange d'astreintes, "
               "échange de tour, échange de permanence, échanger nos tours"},
    KeywordRow{"de", other, beside_mro, "Tausch, tauschen"},
    KeywordRow{
        "de", other, anywhere,
        "MRO Tausch, Diensttausch, Dienst tauschen, Dienste tauschen, Schichttausch, Schicht tauschen, "
        "Schichten tauschen, Tausch Dienst, Tausch Schicht, MROTausch"},
    KeywordRow{"es", other, beside_mro, "cambio, cambiar, intercambio, intercambiar, permuta, permutar"},
    KeywordRow{
        "es", other, anywhere,
        "intercambio de turno, intercambio de turnos, intercambio de guardia, intercambio de guardias, "
        "intercambiar turno, intercambiar turnos, permuta de turno, permuta de guardia"},
    KeywordRow{"it", other, beside_mro, "scambio, scambiare, cambio"},
    KeywordRow{"it", other, anywhere,
               "scambio turno, scambio turni, scambio di turno, scambio di turni, scambiare turno, "
               "scambiare turni"},
    KeywordRow{"pt", other, beside_mro, "troca, trocar, permuta, permutar"},
    KeywordRow{"pt", other, anywhere,
               "troca de turno, troca de turnos, troca de plantão, troca de plantões, troca de escala, "
               "trocar turno, trocar de turno, trocar plantão"},
    KeywordRow{"nl", other, beside_mro, "ruil, ruilen"},
    KeywordRow{"nl", other, anywhere,
               "dienstruil, ruildienst, dienst ruilen, diensten ruilen, ruil dienst, shift ruilen"},
};

constexpr std::array cover_rows = {
    KeywordRow{"en", other, beside_mro, "cover, covers, covering, stand in"},
    KeywordRow{"en", other, anywhere, "shift cover, cover shift, duty cover, cover duty"},
    KeywordRow{"fr", other, beside_mro, "remplacement, remplacer"},
    KeywordRow{"fr", other, anywhere, "remplacement de garde, remplacement d'astreinte"},
    KeywordRow{"de", other, beside_mro, "Vertretung, vertreten"},
    KeywordRow{"de", other, anywhere,
               "MROVertretung, Dienstvertretung, Schichtvertretung, Dienst übernehmen, Schicht übernehmen"},
    KeywordRow{"es", other, beside_mro, "cobertura, cubrir, sustitución, sustituir, reemplazo, suplencia"},
    KeywordRow{"es", other, anywhere,
               "cubrir turno, cubrir guardia, cobertura de turno, cobertura de guardia"},
    KeywordRow{"it", other, beside_mro, "copertura, coprire, sostituzione, sostituire"},
    KeywordRow{"it", other, anywhere,
               "copertura turno, coprire turno, sostituzione turno, sostituzione di turno"},
    KeywordRow{"pt", other, beside_mro, "cobertura, cobrir, substituição, substituir"},
    KeywordRow{"pt", other, anywhere,
               "cobertura de turno, cobrir turno, cobertura de plantão, cobrir plantão, "
               "substituição de turno"},
    KeywordRow{"nl", other, beside_mro, "vervanging, vervangen, waarneming, waarnemen"},
    KeywordRow{"nl", other, anywhere, "dienst overnemen, dienst waarnemen"},
};

}  // namespace

std::vector<std::string_view> KeywordRow::split() const {
    std::vector<std::string_view> split;
    for (size_t at = 0; at <= phrases.size();) {
        const size_t comma = std::min(phrases.find(',', at), phrases.size());
        split.push_back(phrases.substr(at, comma - at));
        at = comma + 1;
    }
    return split;
}

std::span<const KeywordRow> absence_keywords() { return absence_rows; }
std::span<const KeywordRow> night_duty_keywords() { return night_duty_rows; }
std::span<const KeywordRow> swap_keywords() { return swap_rows; }
std::span<const KeywordRow> cover_keywords() { return cover_rows; }

}  // namespace watchbill
