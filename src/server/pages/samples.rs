//! Every page in every state worth looking at, by name: for the test that renders them and for looking.

use super::{
    About, Accessibility, Brief, Conversation, Conversations, ErrorPage, Following, Gallery, GroupsPage, HandoffPage,
    JoinGroup, JoinPage, Joined, LinkGone, Live, MembersPage, ModelPage, NewGroup, PersonalLink, Scorecard, SignIn,
    SlipsPage, WelcomePage,
};

/// The name and HTML of every sample.
pub fn samples() -> Vec<(&'static str, askama::Result<String>)> {
    use askama::Template;
    vec![
        ("gallery", Gallery::sample().render()),
        ("gallery-empty", Gallery::sample_empty().render()),
        ("brief-phone", Brief::sample().render()),
        ("brief-desk", Brief::sample_desk().render()),
        ("conversation-phone", Conversation::sample().render()),
        ("conversation-desk", Conversation::sample_desk().render()),
        ("live", Live::sample().render()),
        ("live-empty", Live::sample_empty().render()),
        ("following", Following::sample().render()),
        ("handoff", HandoffPage::sample().render()),
        ("handoff-faulty", HandoffPage::sample_faulty().render()),
        ("scorecard", Scorecard::sample().render()),
        ("scorecard-empty", Scorecard::sample_empty().render()),
        ("scorecard-long", Scorecard::sample_long().render()),
        ("scorecard-spoken", Scorecard::sample_spoken().render()),
        ("scorecard-rereading", Scorecard::sample_rereading().render()),
        ("scorecard-reread", Scorecard::sample_reread().render()),
        ("scorecard-not-reread", Scorecard::sample_not_reread().render()),
        ("conversations", Conversations::sample().render()),
        ("conversations-empty", Conversations::sample_empty().render()),
        ("about", About::sample().render()),
        ("about-elsewhere", About::sample_elsewhere().render()),
        ("model", ModelPage::sample().render()),
        ("model-new", ModelPage::sample_new().render()),
        ("model-without", ModelPage::sample_without().render()),
        ("groups", GroupsPage::sample().render()),
        ("groups-empty", GroupsPage::sample_empty().render()),
        ("new-group", NewGroup::sample().render()),
        ("members", MembersPage::sample().render()),
        ("members-empty", MembersPage::sample_empty().render()),
        ("slips", SlipsPage::sample().render()),
        ("join", JoinPage::sample().render()),
        ("join-locked", JoinPage::sample_locked().render()),
        ("join-group", JoinGroup::sample().render()),
        ("join-group-taken", JoinGroup::sample_taken().render()),
        ("joined", Joined::sample().render()),
        ("sign-in", SignIn::sample().render()),
        ("sign-in-wrong", SignIn::sample_wrong().render()),
        ("sign-in-locked", SignIn::sample_locked().render()),
        ("welcome", WelcomePage::sample().render()),
        ("welcome-faulty", WelcomePage::sample_faulty().render()),
        ("personal-link", PersonalLink::sample().render()),
        ("link-gone", LinkGone::sample().render()),
        ("accessibility", Accessibility::sample().render()),
        ("error", ErrorPage::sample().render()),
    ]
}
