/// The lines that are gone (`-`) and new (`+`) between two texts; `…` stands for those that are the same.
pub(super) fn diff(old: &str, new: &str) -> String {
    let (old, new): (Vec<_>, Vec<_>) = (old.lines().collect(), new.lines().collect());
    // The length of the longest common subsequence of what follows line `i` of one and `j` of the other.
    let mut common = vec![vec![0; new.len() + 1]; old.len() + 1];
    for (i, one) in old.iter().enumerate().rev() {
        for (j, other) in new.iter().enumerate().rev() {
            common[i][j] =
                if one == other { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let (mut i, mut j, mut text, mut skipped) = (0, 0, String::new(), false);
    while i < old.len() || j < new.len() {
        let (mark, line) = if i < old.len() && j < new.len() && old[i] == new[j] {
            (i, j, skipped) = (i + 1, j + 1, true);
            continue;
        } else if j == new.len() || (i < old.len() && common[i + 1][j] >= common[i][j + 1]) {
            i += 1;
            ('-', old[i - 1])
        } else {
            j += 1;
            ('+', new[j - 1])
        };
        if std::mem::take(&mut skipped) {
            text.push_str("…\n");
        }
        text.push_str(&format!("{mark} {line}\n"));
    }
    text
}

#[test]
fn only_what_differs_is_shown() {
    assert_eq!(diff("a\nb\nc\nd\n", "a\nx\nc\nd\ny\n"), "…\n- b\n+ x\n…\n+ y\n");
    assert_eq!(diff("a\n", "a\n"), "");
}
