//! The page on the models.
//!
//! Who may see it is decided here, in one place: whoever reaches the service where figures are shown, and administrators.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use jiff::Span;
use jiff::civil::Date;
use serde::Deserialize;

use super::{page, site};
use crate::ask::Purpose;
use crate::clock::Timestamp;
use crate::id::VisitorId;
use crate::model::{Health, Model};
use crate::outgoing::{self, Place};
use crate::server::Comptoir;
use crate::server::code::Code;
use crate::server::failure::Failure;
use crate::server::pages::{
    BudgetLine, ConversationLine, DayOfUse, EndpointLine, FaultLine, KindOfUse, ModelPage, Sum, faults, french, paths,
};
use crate::server::situations::Titles;
use crate::server::who::Who;
use crate::store::{ConversationUse, HourOfUse, Spent, UseOrder};

/// How many days are shown, and how many conversations.
const DAYS: i64 = 30;
const CONVERSATIONS: u32 = 50;

/// What is no failure: an answer, and an answer that nobody waited for any more.
const WELL: [&str; 2] = ["ok", "dropped"];

/// In which order conversations come.
#[derive(Debug, Default, Deserialize)]
pub(in crate::server) struct Order {
    #[serde(default)]
    order: String,
}

pub(in crate::server) async fn show(
    State(comptoir): State<Arc<Comptoir>>,
    who: Who,
    Query(Order { order }): Query<Order>,
) -> Result<Response, Failure> {
    if !comptoir.settings.shows_figures && who.administrator().is_err() {
        return Err(Code::NotFound.into());
    }
    let (now, content, titles) = (comptoir.now(), comptoir.library.content(), comptoir.titles().await?);
    let order = if order == "tokens" { UseOrder::Most } else { UseOrder::Latest };
    let hours = comptoir.store.uses_by_hour(first_day(now)?, Timestamp::MAX).await?;
    let listed = comptoir.store.conversations_by_use(order, CONVERSATIONS).await?;
    let waiting = if comptoir.models.judge.is_some() { comptoir.store.judgings_due().await? } else { 0 };
    let all = hours.iter().fold(Spent::default(), |all, hour| all.and(hour.spent));
    let listed_all = listed.iter().fold(Spent::default(), |all, listed| all.and(listed.spent));
    Ok(page(&ModelPage {
        site: site(&content, who.viewer()),
        endpoints: comptoir.models.all().map(|(role, model)| endpoint(role, model)).collect(),
        budget: comptoir.models.budget().map(|budget| BudgetLine {
            used: budget.used_today(),
            a_day: budget.per_day(),
            a_conversation: budget.per_conversation(),
        }),
        waiting,
        days: if hours.is_empty() { Vec::new() } else { days(&hours, french::paris(now).date()) },
        kinds: kinds(&hours),
        faults: troubles(&hours),
        conversations: listed.iter().map(|listed| conversation(&titles, who.visitor(), listed)).collect(),
        most_first: order == UseOrder::Most,
        currency: all.cost_micros.or(listed_all.cost_micros).map(|_| comptoir.models.currency.clone()),
        estimated: all.estimated,
    }))
}

/// Midnight in Paris before the first of the days shown.
fn first_day(now: Timestamp) -> Result<Timestamp, Failure> {
    let today = french::paris(now).start_of_day().map_err(Failure::internal)?;
    let first = today.checked_sub(Span::new().days(DAYS - 1)).map_err(Failure::internal)?;
    Ok(first.timestamp())
}

fn endpoint(role: &str, model: &Model) -> EndpointLine {
    let health = model.health();
    let address = &model.endpoint().address;
    let host = address.host_str().unwrap_or_default();
    EndpointLine {
        role: if role == "play" { "Jouer les personnes" } else { "Coter les échanges" }.to_owned(),
        model: model.name().to_owned(),
        place: match outgoing::place(address) {
            Place::Here => "sur cette machine".to_owned(),
            Place::Near => format!("{host}, sur votre réseau"),
            Place::Far => format!("{host}, hors de votre réseau"),
        },
        state: state(role, &health),
        well: health.failures == 0,
        calls: calls(&health),
    }
}

/// How an endpoint fares, in words.
fn state(role: &str, health: &Health) -> String {
    let meanwhile = if role == "play" {
        "En attendant, les personnes parlent avec leurs répliques écrites."
    } else {
        "En attendant, les règles cotent et les échanges gardent leur tour."
    };
    let after = || {
        let last =
            health.last_failure.map_or_else(String::new, |code| format!(" ; le dernier : {}", faults::told(code)));
        format!("{} de suite{last}", french::count(health.failures.into(), "échec"))
    };
    match health.resting {
        Some(left) if left.is_zero() => {
            format!("Au repos après {}. Le prochain appel dira s’il répond de nouveau.", after())
        }
        Some(left) => {
            let seconds = left.as_millis().div_ceil(1_000).try_into().unwrap_or(u64::MAX);
            format!("Au repos encore {}, après {}. {meanwhile}", french::duration(seconds), after())
        }
        None if health.failures > 0 => format!("Sollicité malgré {}.", after()),
        None => "Disponible : aucune panne en cours.".to_owned(),
    }
}

fn calls(health: &Health) -> String {
    let under_way = match health.under_way {
        0 => "aucun appel en cours".to_owned(),
        some => format!("{} en cours", french::count(some as u64, "appel")),
    };
    if health.waiting == 0 { under_way } else { format!("{under_way}, {} en attente", health.waiting) }
}

fn sum(spent: Spent, failed: u64) -> Sum {
    Sum {
        calls: spent.calls,
        failed,
        read: spent.prompt_tokens,
        written: spent.completion_tokens,
        cost_micros: spent.cost_micros,
    }
}

fn sum_of_hour(hour: &HourOfUse) -> Sum {
    let failed = if WELL.contains(&hour.outcome.as_str()) { 0 } else { hour.spent.calls };
    sum(hour.spent, failed)
}

/// The days up to today, none left out.
fn days(hours: &[HourOfUse], today: Date) -> Vec<DayOfUse> {
    let mut of_day: BTreeMap<Date, (Sum, u64)> = BTreeMap::new();
    for hour in hours {
        let (sum, judged) = of_day.entry(french::paris(hour.hour).date()).or_default();
        *sum = sum.and(sum_of_hour(hour));
        if hour.purpose == Purpose::Judge {
            *judged += hour.spent.tokens();
        }
    }
    (0..DAYS)
        .rev()
        .map(|ago| {
            let date = today.saturating_sub(Span::new().days(ago));
            let (sum, judged) = of_day.get(&date).copied().unwrap_or_default();
            DayOfUse { day: french::short_date(date), sum, judged }
        })
        .collect()
}

/// By purpose and model, in the order of purposes.
fn kinds(hours: &[HourOfUse]) -> Vec<KindOfUse> {
    let mut kinds: BTreeMap<(Purpose, &str), Sum> = BTreeMap::new();
    for hour in hours {
        let sum = kinds.entry((hour.purpose, &hour.model)).or_default();
        *sum = sum.and(sum_of_hour(hour));
    }
    kinds.into_iter().map(|((purpose, model), sum)| KindOfUse { purpose, model: model.to_owned(), sum }).collect()
}

/// What went wrong, most frequent first.
fn troubles(hours: &[HourOfUse]) -> Vec<FaultLine> {
    let mut troubles: BTreeMap<&str, (u64, Timestamp)> = BTreeMap::new();
    for hour in hours.iter().filter(|hour| !WELL.contains(&hour.outcome.as_str())) {
        let (count, last) = troubles.entry(&hour.outcome).or_insert((0, hour.hour));
        *count += hour.spent.calls;
        *last = hour.hour.max(*last);
    }
    let mut troubles: Vec<_> = troubles.into_iter().collect();
    troubles.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    troubles
        .into_iter()
        .map(|(code, (count, last))| FaultLine {
            code: code.to_owned(),
            count,
            last: french::hour(&french::paris(last)),
        })
        .collect()
}

fn conversation(titles: &Titles, visitor: Option<VisitorId>, listed: &ConversationUse) -> ConversationLine {
    let conversation = &listed.conversation;
    let own = visitor == Some(conversation.visitor) && conversation.ended_at.is_some();
    ConversationLine {
        title: titles.of(&conversation.persona),
        when: french::moment(&french::paris(conversation.started_at)),
        sum: sum(listed.spent, 0),
        judged: listed.judged,
        scorecard: own.then(|| paths::scorecard(&conversation.id.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn hour(at: &str, purpose: Purpose, outcome: &str, calls: u64) -> HourOfUse {
        let spent = Spent { calls, prompt_tokens: 100 * calls, completion_tokens: 10 * calls, ..Spent::default() };
        let (model, outcome) = ("un-modèle".to_owned(), outcome.to_owned());
        HourOfUse { hour: at.parse().unwrap(), purpose, model, outcome, spent }
    }

    #[test]
    fn hours_become_the_days_of_paris_and_no_day_is_left_out() {
        let hours = [
            hour("2026-03-01T22:00:00Z", Purpose::Play, "ok", 1),
            hour("2026-03-01T23:00:00Z", Purpose::Play, "late", 2),
            hour("2026-03-02T09:00:00Z", Purpose::Judge, "ok", 3),
        ];
        let days = days(&hours, jiff::civil::date(2026, 3, 3));
        assert_eq!(days.len(), 30);
        let told: Vec<_> = days[26..].iter().map(|day| (day.sum.calls, day.sum.failed, day.judged)).collect();
        assert_eq!(told, [(0, 0, 0), (1, 0, 0), (5, 2, 330), (0, 0, 0)]);
        assert_eq!(days[29].day, "3\u{a0}mars");
        assert_eq!(first_day("2026-04-10T10:00:00Z".parse().unwrap()).unwrap().to_string(), "2026-03-11T23:00:00Z");
    }

    #[test]
    fn what_went_wrong_is_told_most_frequent_first_and_an_answer_nobody_waited_for_is_no_fault() {
        let hours = [
            hour("2026-03-02T09:00:00Z", Purpose::Play, "late", 1),
            hour("2026-03-02T10:00:00Z", Purpose::Play, "cut", 5),
            hour("2026-03-02T11:00:00Z", Purpose::Judge, "late", 1),
            hour("2026-03-02T12:00:00Z", Purpose::Play, "dropped", 9),
        ];
        let told: Vec<_> = troubles(&hours).into_iter().map(|line| (line.code, line.count, line.last)).collect();
        let line = |code: &str, count, last: &str| (code.to_owned(), count, last.replace('_', "\u{a0}"));
        let expected =
            [line("cut", 5, "2_mars_2026, entre 11_h et 12_h"), line("late", 2, "2_mars_2026, entre 12_h et 13_h")];
        assert_eq!(told, expected);
        let kinds: Vec<_> = kinds(&hours).iter().map(|kind| (kind.purpose, kind.sum.calls, kind.sum.failed)).collect();
        assert_eq!(kinds, [(Purpose::Play, 15, 6), (Purpose::Judge, 1, 1)]);
    }

    #[test]
    fn an_endpoint_tells_in_words_how_it_fares() {
        fn check(role: &str, resting: Option<u64>, failures: u32, expect: &str) {
            let health = Health {
                resting: resting.map(Duration::from_millis),
                failures,
                last_failure: (failures > 0).then_some("late"),
                under_way: 0,
                waiting: 0,
            };
            let told = state(role, &health).replace('\u{a0}', " ");
            assert!(told.contains(expect), "{told}");
        }
        check("play", None, 0, "Disponible");
        check("play", None, 2, "malgré 2 échecs de suite ; le dernier : le modèle n’a pas répondu à temps.");
        check("play", Some(11_200), 3, "encore 12 secondes, après 3 échecs");
        check("play", Some(11_200), 3, "répliques écrites");
        check("judge", Some(61_000), 9, "encore 1 min 01 s");
        check("judge", Some(61_000), 9, "gardent leur tour");
        check("play", Some(0), 3, "Le prochain appel");
        let busy = Health { resting: None, failures: 0, last_failure: None, under_way: 2, waiting: 3 };
        assert_eq!(calls(&busy).replace('\u{a0}', " "), "2 appels en cours, 3 en attente");
    }
}
