//! Tables of numbers: commas between columns, a row on each line, `#` before comments.

use durum::OwnedArray;

/// The table as f64; of rank 1 if it has one column.
pub fn read(text: &str) -> Result<OwnedArray, String> {
    let mut numbers = vec![];
    let mut rows = 0;
    let mut columns = None;
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.split('#').next().unwrap_or("");
        if line.trim().is_empty() {
            continue;
        }
        let before = numbers.len();
        for field in line.split(',') {
            let field = field.trim();
            numbers.push(
                field
                    .parse::<f64>()
                    .map_err(|_| format!("line {}: `{field}` is not a number", number + 1))?,
            );
        }
        let found = numbers.len() - before;
        let expected = *columns.get_or_insert(found);
        if found != expected {
            return Err(format!("line {} has {found} columns, the lines before have {expected}", number + 1));
        }
        rows += 1;
    }
    let shape = match columns {
        None => return Err("the file has no numbers".to_string()),
        Some(1) => vec![rows],
        Some(columns) => vec![rows, columns],
    };
    Ok(OwnedArray::from_slice(&numbers, &shape).expect("the rows are equally long"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_rectangular() {
        let table = read("# x, y\n1, 2.5\n-3e2,nan\n\n").unwrap();
        assert_eq!(table.shape(), [2, 2]);
        assert_eq!(table.as_slice::<f64>().unwrap()[..3], [1.0, 2.5, -300.0]);
        assert_eq!(read("1\r\n2\r\n3").unwrap().shape(), [3]);
        assert_eq!(read("1,2\n3\n").unwrap_err(), "line 2 has 1 columns, the lines before have 2");
        assert_eq!(read("1,2\n3,x\n").unwrap_err(), "line 2: `x` is not a number");
        assert_eq!(read("\n\n").unwrap_err(), "the file has no numbers");
    }
}
