//! One ticket, from text to decision. Run it from anywhere in the repository:
//!
//! ```text
//! cargo run --release -p paidan --example one_ticket
//! ```

use paidan::{Engine, Outcome, Ticket};

fn main() -> Result<(), paidan::Error> {
    // An engine is a model ready to run. It is made once, takes about a tenth of a second, and is shared
    // by all threads of the program. This one finds the bundled model in `models/default`.
    let engine = Engine::load_default()?;

    // A ticket is what the citizen said. Title, id, time, address and channel are optional. `Debug` of a
    // ticket shows lengths only, so that no log can spill what somebody confided to the city.
    let ticket = Ticket::new("楼下烧烤店每晚营业到凌晨，油烟直接往楼上排，窗户都不敢开，请联系13800001234。")
        .with_title("烧烤店油烟扰民")
        .with_id("2026-000123");
    println!("{ticket:?}\n");

    // Dispatching normalises, masks, segments, classifies and decides. It changes nothing in the engine.
    let decision = engine.dispatch(&ticket)?;

    // What happens next: either the department is certain enough, or a person must look.
    match decision.outcome {
        Outcome::Assign => println!("自动派单"),
        _ => println!("人工复核"),
    }
    for reason in &decision.explanation.reasons {
        println!("  {}", reason.message);
    }

    // Each task of the model has its answer, with a calibrated probability and the runners-up.
    for prediction in &decision.predictions {
        println!("{}: {} {:.3}", prediction.task, prediction.shown(), prediction.probability);
        for (label, probability) in prediction.top.iter().skip(1) {
            println!("    {label} {probability:.3}");
        }
    }

    // The words that decided, with their place in the original text in Unicode code points.
    for evidence in &decision.explanation.evidence {
        let words: Vec<String> = evidence
            .supporting
            .iter()
            .take(3)
            .map(|word| format!("{}[{}..{}] {:+.2}", word.word, word.start, word.end, word.weight))
            .collect();
        println!("{} 依据 {}", evidence.task, words.join("  "));
    }

    // Only the masked text is ever kept or shown.
    println!("{}", decision.explanation.masked_text);
    assert!(!decision.explanation.masked_text.contains("1380000"));
    Ok(())
}
