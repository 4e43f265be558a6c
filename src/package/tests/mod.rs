//! The loader on whole packages: the report's own, small ones made by hand, and those of `AISTAT_PACKAGES`.

use super::*;

mod declared;
mod foreign;
mod hostile;
mod large;

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

#[test]
fn the_report_itself_is_sound() {
    let package = Package::open(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/data")), &Limits::default());
    let faults = package.map(|package| package.check()).unwrap_or_else(|faults| faults);
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "{lines:#?}");
}

#[test]
fn published_packages_answer() {
    let Some(folder) = std::env::var_os("AISTAT_PACKAGES") else { return };
    let folder = std::path::Path::new(&folder);
    let population = Package::open(&folder.join("population"), &Limits::default()).unwrap();
    assert_eq!(population.check(), []);
    assert_eq!(population.resources[0].address.to_string(), "population/population/country");
    let dataset = population.dataset(&population.resources[0]).unwrap();
    assert_eq!(dataset.text("country", 0), Some("abw"));
    assert_eq!(dataset.dimensions[0].codes.members[0].title.en, "Aruba");
    assert_eq!(dataset.cell("value", 0).unwrap().digits, "54922");
    let co2 = Package::open(&folder.join("co2-ppm"), &Limits::default()).unwrap();
    let sound =
        |name: &str| co2.resources.iter().find(|resource| resource.name == name).map(|resource| co2.dataset(resource));
    assert_eq!(sound("co2-annmean-mlo").unwrap().unwrap().cell("mean", 0).unwrap().digits, "315.98");
    assert_eq!(sound("co2-gr-mlo").unwrap().unwrap().periods[0].as_str(), "1959");
    let fault = sound("co2-mm-gl").unwrap().unwrap_err().remove(0).to_string();
    assert!(fault.ends_with("co2-mm-gl.csv:2:30: 6 fields where the header has 4; add or remove separators; put text with a comma in quotes"), "{fault}");
    assert!(co2.check().iter().all(|fault| fault.file.contains("-mm-")));
}
