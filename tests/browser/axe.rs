//! Automatic checks of accessibility, by axe-core (`axe.min.js`, as its makers publish it; see its licence beside it).

use serde_json::Value;

use crate::harness::Browser;

const AXE: &str = include_str!("axe.min.js");

/// Every rule of WCAG 2.0 to 2.2 at level A and AA that a machine can check.
const RUN: &str = "
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const found = await axe.run(document, { runOnly: { type: 'tag', values: tags } });
    return found.violations.map((fault) =>
        fault.id + ' (' + fault.impact + '): ' + fault.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)
            + ' — ' + (node.any.concat(node.all, node.none)[0]?.message ?? '')).join(' | '));";

/// What breaks a rule on the page that is open, one line each.
pub(crate) async fn violations(browser: &Browser) -> Vec<String> {
    browser.page.execute(AXE, vec![]).await.expect("axe-core loads");
    let found: Value = browser.run(RUN).await;
    serde_json::from_value(found).expect("a list of lines")
}

#[tokio::test]
async fn a_page_without_labels_does_not_pass() {
    let Some(browser) = Browser::open(800, 600).await else { return };
    let page = "data:text/html,<html><body><input><img src='x'><p style='color:%23ccc'>pale</p></body></html>";
    browser.page.goto(page).await.unwrap();
    let found = violations(&browser).await.join("\n");
    for rule in ["html-has-lang", "label", "image-alt", "color-contrast"] {
        assert!(found.contains(rule), "{rule} is not among:\n{found}");
    }
    browser.close().await;
}
