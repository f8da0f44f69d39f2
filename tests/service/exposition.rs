//! A strict reader of the OpenMetrics text format, written from its specification and not from what writes it here:
//! <https://prometheus.io/docs/specs/om/open_metrics_spec/>.

use std::collections::{BTreeMap, BTreeSet};

/// Every sample, by its name with its labels: `name{label="value",…}`, labels in the order of the alphabet.
#[derive(Debug)]
pub(crate) struct Exposition {
    samples: BTreeMap<String, f64>,
    pub(crate) labels: BTreeSet<(String, String)>,
}

/// One family of samples, as its comments declare it.
#[derive(Debug, Default)]
struct Declared {
    name: String,
    kind: Option<String>,
    unit: Option<String>,
    has_help: bool,
    has_samples: bool,
}

/// The buckets of one histogram so far: the last bound, the last count, whether the infinite one came.
type Buckets = BTreeMap<String, (f64, f64)>;

impl Exposition {
    /// Reads a whole text, or panics with the line that is not as it should be.
    pub(crate) fn read(text: &str) -> Exposition {
        let body = text.strip_suffix("# EOF\n").unwrap_or_else(|| panic!("no end: {text}"));
        let mut read = Exposition { samples: BTreeMap::new(), labels: BTreeSet::new() };
        let (mut family, mut known) = (Declared::default(), BTreeSet::new());
        let mut buckets = Buckets::new();
        for line in body.lines() {
            if let Some(comment) = line.strip_prefix("# ") {
                let mut parts = comment.splitn(3, ' ');
                let (word, name, rest) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
                if name != family.name {
                    assert!(known.insert(name.to_owned()), "a family comes twice, or in two pieces: {line}");
                    family = Declared { name: name.to_owned(), ..Declared::default() };
                }
                assert!(!family.has_samples, "a comment after its samples: {line}");
                match word {
                    "TYPE" => assert_eq!(family.kind.replace(rest.to_owned()), None, "{line}"),
                    "UNIT" => assert_eq!(family.unit.replace(rest.to_owned()), None, "{line}"),
                    "HELP" => assert!(!std::mem::replace(&mut family.has_help, true) && !rest.is_empty(), "{line}"),
                    _ => panic!("an unknown comment: {line}"),
                }
            } else {
                family.has_samples = true;
                read.sample(line, &family, &mut buckets);
            }
        }
        for (series, (bound, count)) in buckets {
            assert!(bound.is_infinite(), "{series} has no infinite bucket");
            let (name, labels) = series.split_once('{').unwrap();
            let whole = format!("{}_count{{{labels}", name.strip_suffix("_bucket").unwrap());
            let whole = whole.strip_suffix("{}").unwrap_or(&whole);
            assert_eq!(read.samples.get(whole), Some(&count), "{series} and {whole} do not agree");
        }
        read
    }

    fn sample(&mut self, line: &str, family: &Declared, buckets: &mut Buckets) {
        let (name, rest) = line.split_at(line.find(['{', ' ']).unwrap_or_else(|| panic!("no value: {line}")));
        let (labels, value) = match rest.strip_prefix('{') {
            Some(rest) => labels(rest, line),
            None => (BTreeMap::new(), rest),
        };
        let value = value.strip_prefix(' ').unwrap_or_else(|| panic!("no space before the value: {line}"));
        let value: f64 = value.parse().unwrap_or_else(|_| panic!("not one number, without a time: {line}"));
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
        assert!(name.chars().all(fits) && !name.starts_with(|c: char| c.is_ascii_digit()), "{line}");
        let suffix = name.strip_prefix(&family.name).unwrap_or_else(|| panic!("outside its family: {line}"));
        let kind = family.kind.as_deref().unwrap_or_else(|| panic!("without a type: {line}"));
        assert!(family.has_help, "without help: {line}");
        if let Some(unit) = &family.unit {
            assert!(family.name.ends_with(&format!("_{unit}")), "{} is not in {unit}", family.name);
        }
        match (kind, suffix) {
            ("gauge", "") => {}
            ("info", "_info") => assert_eq!(value.to_bits(), 1_f64.to_bits(), "{line}"),
            ("counter", "_total") | ("histogram", "_count" | "_sum") => assert!(value >= 0.0, "{line}"),
            ("histogram", "_bucket") => {
                let bound = labels.get("le").unwrap_or_else(|| panic!("a bucket without a bound: {line}"));
                let bound: f64 = bound.parse().unwrap();
                let others = labels.iter().filter(|(name, _)| *name != "le");
                let series = series(name, others) + if labels.len() == 1 { "{}" } else { "" };
                let (last, below) = buckets.insert(series, (bound, value)).unwrap_or((f64::NEG_INFINITY, 0.0));
                assert!(last < bound && below <= value, "buckets do not grow: {line}");
            }
            _ => panic!("a {kind} has no {suffix}: {line}"),
        }
        let key = series(name, labels.iter());
        assert_eq!(self.samples.insert(key, value), None, "a sample comes twice: {line}");
        self.labels.extend(labels.into_iter().filter(|(name, _)| name != "le"));
    }

    /// The value of a sample; nothing counted is zero.
    pub(crate) fn value(&self, series: &str) -> f64 {
        self.samples.get(series).copied().unwrap_or(0.0)
    }

    /// The names and labels of all samples whose name begins so.
    pub(crate) fn beginning(&self, start: &str) -> Vec<&str> {
        self.samples.keys().map(String::as_str).filter(|name| name.starts_with(start)).collect()
    }
}

fn series<'l>(name: &str, labels: impl Iterator<Item = (&'l String, &'l String)>) -> String {
    let labels: Vec<String> = labels.map(|(name, value)| format!("{name}=\"{value}\"")).collect();
    if labels.is_empty() { name.to_owned() } else { format!("{name}{{{}}}", labels.join(",")) }
}

/// The labels of a sample, and what follows them.
fn labels<'t>(mut rest: &'t str, line: &str) -> (BTreeMap<String, String>, &'t str) {
    let mut labels = BTreeMap::new();
    loop {
        let (name, after) = rest.split_once("=\"").unwrap_or_else(|| panic!("a label without a value: {line}"));
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
        assert!(!name.is_empty() && name.chars().all(fits), "{line}");
        let (mut value, mut escaped, mut end) = (String::new(), false, None);
        for (at, c) in after.char_indices() {
            match (escaped, c) {
                (true, 'n') => value.push('\n'),
                (true, '"' | '\\') => value.push(c),
                (true, _) => panic!("an unknown escape: {line}"),
                (false, '\\') => {}
                (false, '"') => {
                    end = Some(at);
                    break;
                }
                (false, _) => value.push(c),
            }
            escaped = !escaped && c == '\\';
        }
        let after = &after[end.unwrap_or_else(|| panic!("a value without an end: {line}")) + 1..];
        assert_eq!(labels.insert(name.to_owned(), value), None, "a label comes twice: {line}");
        match after.split_at(1) {
            (",", after) => rest = after,
            ("}", after) => return (labels, after),
            _ => panic!("labels without an end: {line}"),
        }
    }
}

#[test]
fn the_reader_takes_what_the_specification_shows() {
    let text = "# TYPE foo_seconds histogram\n# UNIT foo_seconds seconds\n# HELP foo_seconds Help.\n\
        foo_seconds_sum 324789.3\nfoo_seconds_count 17\nfoo_seconds_bucket{le=\"0.1\"} 8\n\
        foo_seconds_bucket{le=\"+Inf\"} 17\n# TYPE a counter\n# HELP a Help with \\n and \\\\.\n\
        a_total{x=\"q\\\"\\\\\\n\",b=\"1\"} 1.0\n# EOF\n";
    let read = Exposition::read(text);
    assert_eq!(read.value("a_total{b=\"1\",x=\"q\"\\\n\"}").to_bits(), 1_f64.to_bits());
    assert_eq!(read.value("foo_seconds_count").to_bits(), 17_f64.to_bits());
}

#[test]
fn the_reader_refuses_what_the_specification_forbids() {
    let counter = "# HELP a H.\n# TYPE a counter\n";
    for (body, why) in [
        ("a_total 1", "no end"),
        ("# HELP a H.\n# TYPE a counter\na_total 1\n# HELP b H.\n# TYPE b gauge\nb 1\n# HELP a H.\n# EOF\n", "twice"),
        (&format!("{counter}a 1\n# EOF\n"), "a counter without its suffix"),
        (&format!("{counter}a_total 1\na_total 1\n# EOF\n"), "a sample twice"),
        (&format!("{counter}a_total -1\n# EOF\n"), "less than nothing"),
        (&format!("{counter}a_total{{x=\"1\",x=\"2\"}} 1\n# EOF\n"), "a label twice"),
        (&format!("{counter}a_total{{x=\"1}} 1\n# EOF\n"), "an open value"),
        (&format!("{counter}a_total 1 1772442000\n# EOF\n"), "a time"),
        (&format!("{counter}b_total 1\n# EOF\n"), "another family"),
        ("# TYPE a counter\na_total 1\n# EOF\n", "no help"),
        ("# HELP a H.\n# TYPE a histogram\na_count 1\na_bucket{le=\"1\"} 1\n# EOF\n", "no infinite bucket"),
        (
            "# HELP a H.\n# TYPE a histogram\na_count 1\na_bucket{le=\"1\"} 2\na_bucket{le=\"+Inf\"} 1\n# EOF\n",
            "shrinks",
        ),
        ("# HELP a H.\n# TYPE a histogram\na_count 3\na_bucket{le=\"+Inf\"} 2\n# EOF\n", "does not add up"),
    ] {
        let body = body.to_owned();
        assert!(std::panic::catch_unwind(move || Exposition::read(&body)).is_err(), "taken: {why}");
    }
}
