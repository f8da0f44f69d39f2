//! CSV as French spreadsheets open it by a double click: semicolons, a byte order mark, lines that end in CR LF.

use super::cell::Cell;

/// What tells a spreadsheet that it is UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// The first line.
pub(super) fn head<'h>(headings: impl Iterator<Item = &'h str>) -> Vec<u8> {
    let cells: Vec<Cell> = headings.map(Cell::words).collect();
    let mut head = MARK.to_vec();
    head.extend(line(&cells));
    head
}

/// One line, words quoted where they hold a semicolon, a quote or a line break.
pub(super) fn line(cells: &[Cell]) -> Vec<u8> {
    let mut writer =
        csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // A vector takes whatever is written.
    let _ = writer.write_record(cells.iter().map(|cell| cell.told().into_owned()));
    writer.into_inner().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn quotes_semicolons_and_line_breaks_stay_in_their_cell() {
        let cells = [Cell::words("O\"Neil; \"Jo\""), Cell::words("deux\nlignes"), Cell::Whole(7), Cell::words("=1")];
        let expect = "\"O\"\"Neil; \"\"Jo\"\"\";\"deux\nlignes\";7;'=1\r\n";
        assert_eq!(String::from_utf8(line(&cells)).unwrap(), expect);
    }

    #[test]
    fn the_file_says_that_it_is_utf_8() {
        assert_eq!(head(["Début", "CR 5.1.a"].into_iter()), "\u{feff}Début;CR 5.1.a\r\n".as_bytes());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(words in proptest::collection::vec(any::<String>(), 1..6)) {
            let cells: Vec<Cell> = words.iter().map(|words| Cell::Text(words.clone())).collect();
            let written = line(&cells);
            let mut reader =
                csv::ReaderBuilder::new().delimiter(b';').has_headers(false).from_reader(written.as_slice());
            let read: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
            // A single empty cell is an empty line, which readers pass over.
            if !(words.len() == 1 && words[0].is_empty()) {
                prop_assert_eq!(read.len(), 1);
                let told: Vec<String> = cells.iter().map(|cell| cell.told().into_owned()).collect();
                prop_assert_eq!(read[0].iter().collect::<Vec<_>>(), told);
            }
        }
    }
}
