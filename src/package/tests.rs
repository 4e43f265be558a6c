//! The loader on whole packages: the report's own, small ones made by hand, and those of `AISTAT_PACKAGES`.

use super::*;

#[test]
fn every_embedded_dataset_reads() {
    let package = Package::embedded().unwrap();
    assert!(!package.resources.is_empty());
    for resource in &package.resources {
        let dataset = package.dataset(resource).unwrap_or_else(|faults| panic!("{faults:#?}"));
        assert_eq!(dataset.frame.height(), dataset.periods.len());
        assert!(!dataset.measures.is_empty(), "{}", resource.address);
        for row in 0..dataset.periods.len() {
            assert_eq!(dataset.text("period", row), Some(dataset.periods[row].as_str()));
            for measure in &dataset.measures {
                if let Ok(cell) = dataset.cell(&measure.name, row) {
                    assert!(cell.digits.parse::<f64>().is_ok_and(f64::is_finite));
                }
            }
        }
    }
    for relation in package.relations().unwrap() {
        assert!(relation.line > 1 && !relation.statement.is_empty());
    }
    assert!(package.areas().unwrap().members.iter().all(|area| !area.title.zh.is_empty()));
}
