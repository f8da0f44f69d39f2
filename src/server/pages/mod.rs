//! One typed struct per page, with the template that shows it.
//!
//! Input: plain French strings and numbers, filled in by the handlers. Output: HTML, by `askama::Template::render`.
//! Invariant: no store, no clock, no async here; everything a page shows is a field, and every page has a
//! `sample()` that a test renders.

pub mod faults;
pub mod filters;
pub mod french;
pub mod paths;
pub mod writing;

mod about;
mod account;
mod accounts;
mod assignments;
mod booklet;
mod booklet_report;
mod booklet_sample;
mod booklet_step;
mod booklets;
mod brief;
mod calibration;
mod cohort_filter;
mod conversation;
mod conversations;
mod course;
mod curve;
mod error;
mod filter;
mod form;
mod gallery;
mod group;
mod group_sample;
mod groups;
mod handoff;
mod heat;
mod join;
mod live;
mod model;
mod model_sample;
mod portrait;
mod progress;
mod quotes;
mod rating;
mod rating_sample;
mod record;
mod record_sample;
mod rereading;
mod rereading_sample;
mod review;
mod reviews;
mod samples;
mod scorecard;
mod scorecard_sample;
mod sign_in;
mod site;
mod sitting;
mod spoken;
mod timing;
mod todo;
mod voice;
mod word;

pub use about::{About, Accessibility, ModelOffer};
pub use account::{AccountPage, ERASE_WORD, RightsPage};
pub use accounts::{AccountRow, AccountsPage, LogLine, LogPage, SettingsPage, kinds, log_label};
pub use assignments::{
    AssignmentCell, AssignmentForm, AssignmentPage, AssignmentPiece, AssignmentRow, Assignments, How, SetLine,
    SituationChoice,
};
pub use booklet::{BookletPage, NextPart, PartLine, SituationLine};
pub use booklet_report::{
    BookletReport, CompetenceView, CriterionView, IndicatorView, InterruptionView, MarkView, SituationView,
    StandingView,
};
pub use booklet_step::{
    BookletStep, BriefView, ChoiceField, NoteView, PersonRow, QuestionField, QueueView, SceneView, Task,
};
pub use booklets::{Booklets, Offer, Sat};
pub use brief::{Brief, Under};
pub use calibration::{CalibratedMark, CalibrationCompare, CalibrationPage, CalibrationRate, Exercise, PastRating};
pub use cohort_filter::{CohortFilter, CohortQuery, FilterOption};
pub use conversation::{Conversation, Directory, Entry};
pub use conversations::{Conversations, Past, State};
pub use course::{CourseLine, Courses, DifficultyLine, Way};
pub use curve::{Curve, Step};
pub use error::ErrorPage;
pub use filter::{Choice, Filter, FilterGroup};
pub use form::Form;
pub use gallery::{BrokenFile, Card, Gallery, Ongoing};
pub use group::{Example, GroupPage, MissedLine, RecentLine, TimeLine, TimeTable};
pub use groups::{GroupCard, GroupsPage, JoinCode, MemberRow, MembersPage, NewGroup, Slip, SlipsPage, TrainerRow};
pub use handoff::{HandoffPage, Line, Problem, ServiceChoice, UrgencyChoice};
pub use heat::{HeatCell, HeatColumn, HeatLine, HeatTable};
pub use join::{JoinGroup, JoinPage, Joined};
pub use live::{Following, Live, LiveLine};
pub use model::{Bar, BudgetLine, ConversationLine, DayOfUse, EndpointLine, FaultLine, KindOfUse, ModelPage, Sum};
pub use portrait::portrait;
pub use progress::{Progress, Result};
pub use quotes::{Quoted, Segment, segments};
pub use rating::{LastStep, Proposal, RatedAxis, RatedMark, RatedText, RatedTurn, RatingForm};
pub use record::{AssignmentLine, BookletLine, CompetenceLine, CriterionLine, RecordLine, RecordPage, VersionLine};
pub use rereading::{Rereading, Sides};
pub use review::{ComparedMark, ComparedSide, ConflictRow, ReviewCompare, ReviewConflict, ReviewPage};
pub use reviews::{AgreementPage, AgreementRow, AgreementTable, GroupReviews, ToReview};
pub use samples::samples;
pub use scorecard::{
    Advice, AxisMarks, AxisScore, EvidenceLink, Fact, HandoffView, IndicatorMark, Moment, Provenance, Scorecard, Turn,
    Whispered,
};
pub use sign_in::{LinkGone, PersonalLink, SignIn, WelcomePage, Welcoming};
pub use site::{Site, Source, Viewer};
pub use sitting::SittingBar;
pub use spoken::{KeptSound, Sound, Spoken, SpokenFigure};
pub use timing::{ReplyTimes, Timing};
pub use todo::{MyAssignments, Todo, TodoPiece};
pub use voice::VoiceOffer;
pub use word::{ReviewOffer, Word};
