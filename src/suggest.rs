//! What somebody probably meant. The distance that is allowed grows with the length, so that two-character names do not all
//! resemble each other.

use crate::text::Text;

/// All that a name may be typed as.
pub fn spellings<'a>(code: &'a str, title: &'a Text) -> [&'a str; 3] {
    [code, &title.zh, &title.en]
}

/// The candidates closest to a word, at most three, best first: the word itself, then of equals the earlier one.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = word.to_lowercase();
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter_map(|candidate| distance(&wanted, &candidate.to_lowercase()).map(|d| (d, candidate)))
        .collect();
    near.sort_by_key(|(edits, candidate)| (*edits, candidate.to_lowercase() != wanted));
    let mut names: Vec<&str> = Vec::new();
    for (_, candidate) in near {
        if names.len() < 3 && !names.iter().any(|known| known.eq_ignore_ascii_case(candidate)) {
            names.push(candidate);
        }
    }
    names
}

/// Edits between two words where they are few for the length; 0 where one begins with the other, 1 where a Chinese name or a
/// composed one holds what was typed.
fn distance(wanted: &str, candidate: &str) -> Option<usize> {
    let length = wanted.chars().count().max(candidate.chars().count());
    let begins = wanted.chars().count() >= 2
        && (candidate.starts_with(wanted) || wanted.starts_with(candidate) && candidate.chars().count() >= 2);
    if begins {
        return Some(0);
    }
    let holds =
        if wanted.is_ascii() { candidate.split('_').any(|part| part == wanted) } else { candidate.contains(wanted) };
    if holds && wanted.chars().count() >= 2 {
        return Some(1);
    }
    let edits = strsim::damerau_levenshtein(wanted, candidate);
    (edits * 3 <= length).then_some(edits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_is_near_and_a_stranger_is_not() {
        assert_eq!(nearest("finacing", ["financing", "patents", "scale"]), ["financing"]);
        assert_eq!(nearest("fin", ["financing", "patents"]), ["financing"]);
        assert!(nearest("weather", ["financing", "patents"]).is_empty());
        assert_eq!(nearest("deals", ["here_amount", "here_deals"]), ["here_deals"]);
        assert_eq!(nearest("Land", ["land_id", "land"]), ["land", "land_id"]);
    }

    #[test]
    fn short_chinese_names_do_not_all_match() {
        assert!(nearest("北京", ["深圳", "中国"]).is_empty());
        assert_eq!(nearest("天使伦", ["天使轮", "种子轮"]), ["天使轮"]);
        assert_eq!(nearest("南山", ["南山区", "宝安区"]), ["南山区"]);
        assert_eq!(nearest("数量", ["融资金额", "融资数量"]), ["融资数量"]);
    }
}
