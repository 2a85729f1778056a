//! Parquet files, whole and broken. All texts are invented.
#![expect(clippy::unwrap_used, reason = "helpers of tests stand outside the tests")]

use std::path::PathBuf;
use std::sync::Arc;

use paidan_data::{ErrorKind, Record, RecordReader, RowError, Source};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{ByteArray, FixedLenByteArray, Int96};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use tempfile::TempDir;

/// The values of one column, with definition and repetition levels where it has any.
enum Values {
    Bool(Vec<bool>, Levels),
    Int32(Vec<i32>, Levels),
    Int64(Vec<i64>, Levels),
    Int96(Vec<Int96>, Levels),
    Double(Vec<f64>, Levels),
    Bytes(Vec<&'static [u8]>, Levels),
    Fixed(Vec<&'static [u8]>, Levels),
}

type Levels = (Vec<i16>, Vec<i16>);

/// All values are there.
fn all() -> Levels {
    (Vec::new(), Vec::new())
}

fn given(levels: &[i16]) -> Levels {
    (levels.to_vec(), Vec::new())
}

/// A file with these columns, in one row group for each item of `groups`.
fn written(schema: &str, groups: &[Vec<Values>]) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = Arc::new(WriterProperties::builder().set_data_page_row_count_limit(100).build());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties).unwrap();
    for columns in groups {
        let mut group = writer.next_row_group().unwrap();
        for values in columns {
            let mut column = group.next_column().unwrap().unwrap();
            macro_rules! write {
                ($writer:expr, $values:expr, $levels:expr) => {{
                    let (present, repeated) = $levels;
                    let of = |levels: &[i16]| (!levels.is_empty()).then(|| levels.to_vec());
                    let (present, repeated) = (of(present), of(repeated));
                    $writer.write_batch($values, present.as_deref(), repeated.as_deref()).unwrap();
                }};
            }
            let bytes = |values: &[&'static [u8]]| -> Vec<ByteArray> {
                values.iter().map(|value| ByteArray::from(value.to_vec())).collect()
            };
            match (column.untyped(), values) {
                (ColumnWriter::BoolColumnWriter(writer), Values::Bool(values, levels)) => {
                    write!(writer, values, levels)
                }
                (ColumnWriter::Int32ColumnWriter(writer), Values::Int32(values, levels)) => {
                    write!(writer, values, levels)
                }
                (ColumnWriter::Int64ColumnWriter(writer), Values::Int64(values, levels)) => {
                    write!(writer, values, levels)
                }
                (ColumnWriter::Int96ColumnWriter(writer), Values::Int96(values, levels)) => {
                    write!(writer, values, levels)
                }
                (ColumnWriter::DoubleColumnWriter(writer), Values::Double(values, levels)) => {
                    write!(writer, values, levels)
                }
                (ColumnWriter::ByteArrayColumnWriter(writer), Values::Bytes(values, levels)) => {
                    write!(writer, &bytes(values), levels);
                }
                (ColumnWriter::FixedLenByteArrayColumnWriter(writer), Values::Fixed(values, levels)) => {
                    let values: Vec<FixedLenByteArray> = bytes(values).into_iter().map(Into::into).collect();
                    write!(writer, &values, levels);
                }
                _ => unreachable!("values of another type than their column"),
            }
            column.close().unwrap();
        }
        group.close().unwrap();
    }
    writer.into_inner().unwrap()
}

struct Opened {
    _folder: TempDir,
    path: PathBuf,
}

fn file(bytes: &[u8]) -> Opened {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.parquet");
    std::fs::write(&path, bytes).unwrap();
    Opened { _folder: folder, path }
}

impl Opened {
    fn reader(&self) -> RecordReader {
        RecordReader::open(&[Source::new(self.path.clone())]).unwrap()
    }

    fn kind(&self) -> Option<ErrorKind> {
        RecordReader::open(&[Source::new(self.path.clone())]).err().map(|error| error.kind())
    }

    /// Each row as `LINE=value|value`, `∅` for null, or `LINE!code message`; progress ends at the total.
    fn rows(&self) -> Vec<String> {
        let mut reader = self.reader();
        let mut rows = Vec::new();
        for item in reader.by_ref() {
            rows.push(shown(item));
        }
        assert_eq!(Some(reader.bytes_read()), reader.total_bytes());
        rows
    }
}

fn shown(item: Result<Record, RowError>) -> String {
    match item {
        Ok(record) => {
            let values: Vec<_> = record.columns().map(|name| record.get(name).unwrap_or("∅")).collect();
            format!("{}={}", record.position().line, values.join("|"))
        }
        Err(error) => format!("{}!{} {}", error.position().line, error.code(), error.message()),
    }
}

#[test]
fn pyarrow_is_read() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/files/pyarrow.parquet");
    let file = file(&std::fs::read(path).unwrap());
    let record = file.reader().next().unwrap().unwrap();
    let names =
        ["工单编号", "标题", "诉求内容", "类型", "次数", "受理时间", "办结日期", "标签", "坐标.x", "坐标.y"];
    assert_eq!(record.columns().collect::<Vec<_>>(), names);
    let expected = [
        "1=20260501000000123|路灯不亮|柳荫路路灯坏了三天|投诉|1|2026-05-01T08:30:00|2026-05-01|[\"路灯\",\"夜间\"]|1.5|2",
        "2=20260501000000124|∅|自来水发黄，\n有铁锈味|求助|2|2026-05-02T23:59:59|∅|[]|∅|3",
        "3=20260501000000125|咨询公交|公交车几点收班？|∅|∅|∅|2026-05-03|∅|∅|∅",
    ];
    assert_eq!(file.rows(), expected);
}

#[test]
fn every_type_becomes_text() {
    let schema = "message m {
        required boolean b; required int32 i; required int32 day (DATE); required int32 u (INTEGER(32,false));
        required int64 t (TIMESTAMP(MILLIS,true)); required int96 old; required double d; optional double nan;
        required int32 price (DECIMAL(9,2)); required binary big (DECIMAL(20,2)); required binary text (STRING);
        required binary bytes; required fixed_len_byte_array(16) id (UUID);
    }";
    let mut old = Int96::new();
    old.set_data(0, 0, 2_461_162);
    let columns = vec![
        Values::Bool(vec![true], all()),
        Values::Int32(vec![-1], all()),
        Values::Int32(vec![20_574], all()),
        Values::Int32(vec![-1], all()),
        Values::Int64(vec![1_777_624_200_000], all()),
        Values::Int96(vec![old], all()),
        Values::Double(vec![1.0], all()),
        Values::Double(vec![f64::NAN], given(&[1])),
        Values::Int32(vec![1250], all()),
        Values::Bytes(vec![b"\xFF\x85"], all()),
        Values::Bytes(vec!["好".as_bytes()], all()),
        Values::Bytes(vec![b"\xFF\x00"], all()),
        Values::Fixed(vec![&[0x12; 16]], all()),
    ];
    let expected = "1=true|-1|2026-05-01|4294967295|2026-05-01T08:30:00Z|2026-05-01T00:00:00|1|∅|12.5|-1.23|好|∅|\
                    12121212-1212-1212-1212-121212121212";
    assert_eq!(file(&written(schema, &[columns])).rows(), [expected]);
}

#[test]
fn a_text_that_is_not_utf8_is_one_bad_row() {
    let schema = "message m { required int64 id; optional binary text (STRING); }";
    let group = |first: i64, text: &'static [u8]| {
        vec![
            Values::Int64(vec![first, first + 1, first + 2], all()),
            Values::Bytes(vec!["甲".as_bytes(), text], given(&[1, 1, 0])),
        ]
    };
    let bytes = written(schema, &[group(1, b"\xB5\xC6"), group(4, "乙".as_bytes())]);
    let bad = "2!not_utf8 column `text` is not in the encoding of the rest of the file; write the whole file in one \
               encoding, best UTF-8";
    assert_eq!(file(&bytes).rows(), ["1=1|甲", bad, "3=3|∅", "4=4|甲", "5=5|乙", "6=6|∅"]);
}

#[test]
fn lists_become_json() {
    let schema = "message m {
        required int32 id;
        optional group three (LIST) { repeated group list { optional binary element (STRING); } }
        repeated int32 bare;
        optional group two (LIST) { repeated binary array (STRING); }
        optional group deep (LIST) { repeated group list { optional group element (LIST) { repeated group list { optional int32 element; } } } }
        optional group things (LIST) { repeated group list { optional group element { optional int32 a; optional int32 b; } } }
    }";
    // Rows: values; empty; null.
    let three: Values = Values::Bytes(vec![b"a\"", b"c"], (vec![3, 2, 3, 1, 0], vec![0, 1, 1, 0, 0]));
    let bare = Values::Int32(vec![1, 2], (vec![1, 1, 0, 0], vec![0, 1, 0, 0]));
    let two = Values::Bytes(vec!["好".as_bytes()], (vec![2, 1, 0], vec![0, 0, 0]));
    let deep = Values::Int32(vec![1], (vec![5, 1, 0], vec![0, 0, 0]));
    let a = Values::Int32(vec![1, 2], (vec![4, 4, 1, 0], vec![0, 1, 0, 0]));
    let b = Values::Int32(vec![3], (vec![4, 2, 1, 0], vec![0, 1, 0, 0]));
    let file =
        file(&written(schema, &[vec![Values::Int32(vec![1, 2, 3], all()), three, bare, two, deep, a, b]]));
    let record = file.reader().next().unwrap().unwrap();
    let names: Vec<_> = record.columns().collect();
    assert_eq!(names, ["id", "three", "bare", "two", "things.a", "things.b"]);
    let expected =
        ["1=1|[\"a\\\"\",null,\"c\"]|[1,2]|[\"好\"]|[1,2]|[3,null]", "2=2|[]|[]|[]|[]|[]", "3=3|∅|[]|∅|∅|∅"];
    assert_eq!(file.rows(), expected);
}

/// Two row groups of 3,000 rows in pages of 100.
fn large() -> Vec<u8> {
    let schema = "message m { required int64 id; optional binary text (STRING); }";
    let group = |first: i64| {
        let levels: Vec<i16> = (0..3_000).map(|row| i16::from(row % 3 > 0)).collect();
        let text = "我家楼下的路灯坏了三天".as_bytes();
        let texts = levels.iter().filter(|level| **level == 1).map(|_| text).collect();
        vec![Values::Int64((first..first + 3_000).collect(), all()), Values::Bytes(texts, given(&levels))]
    };
    written(schema, &[group(0), group(3_000)])
}

#[test]
fn row_groups_and_batches_join() {
    let rows = file(&large()).rows();
    assert_eq!(rows.len(), 6_000);
    for (at, row) in rows.iter().enumerate() {
        let text = if at % 3 == 0 { "∅" } else { "我家楼下的路灯坏了三天" };
        assert_eq!(*row, format!("{}={at}|{text}", at + 1));
    }
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let bytes = large();
    for length in [4, 8, 12, bytes.len() / 2, bytes.len() - 1] {
        assert_eq!(file(&bytes[..length]).kind(), Some(ErrorKind::Damaged), "{length}");
    }
    assert_eq!(file(b"id,text\n1,a\n").kind(), Some(ErrorKind::Damaged));
    assert_eq!(file(b"PARExxxxxxxxPARE").kind(), Some(ErrorKind::Unsupported));
    let mut gone = bytes.clone();
    gone.drain(2_000..3_000);
    assert!(
        file(&gone).kind() == Some(ErrorKind::Damaged)
            || file(&gone).rows().last().unwrap().contains("!damaged")
    );
}

#[test]
fn columns_of_one_name_are_refused() {
    let schema = "message m { required int32 a; required int32 b; required int32 a; }";
    let column = || Values::Int32(vec![1], all());
    let kept = file(&written(schema, &[vec![column(), column(), column()]]));
    assert_eq!(kept.kind(), Some(ErrorKind::DuplicateColumn));
}

#[test]
fn good_rows_above_damage_are_read_and_nothing_panics() {
    let bytes = large();
    let whole = file(&bytes).rows();
    let mut seed = 11_u64;
    let (mut refused, mut broken) = (0, 0);
    for round in 0..1_500 {
        let mut bytes = bytes.clone();
        for _ in 0..=round % 3 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let at = (seed >> 33) as usize % bytes.len();
            bytes[at] ^= 1 << (seed % 8);
        }
        let file = file(&bytes);
        if file.kind().is_some() {
            refused += 1;
            continue;
        }
        let rows = file.rows();
        assert!(rows.len() <= whole.len() + 1, "{round}");
        broken += usize::from(rows.iter().any(|row| row.contains("!damaged")));
    }
    assert!(refused > 0 && broken > 20, "{refused} {broken}");
}

/// Found by fuzzing: a page that promises more values than it holds bytes for.
#[test]
fn a_page_with_too_few_values_is_damage() {
    let rows = file(include_bytes!("broken/page_without_values.parquet")).rows();
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert!(rows[0].contains("!damaged"), "{rows:?}");
}
