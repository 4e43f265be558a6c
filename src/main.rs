//! The program: its surroundings, one call, its exit code.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let argv: Vec<_> = std::env::args_os().collect();
    let (stdout, stderr) = (std::io::stdout(), std::io::stderr());
    let env = aistat::Env {
        var: &|name| std::env::var(name).ok(),
        stdout_is_terminal: stdout.is_terminal(),
        stderr_is_terminal: stderr.is_terminal(),
        width: stdout
            .is_terminal()
            .then(|| rustix::termios::tcgetwinsize(&stdout).ok())
            .flatten()
            .map(|size| size.ws_col.into())
            .filter(|columns| *columns > 0),
        ends: true,
    };
    let mut out = std::io::BufWriter::with_capacity(1 << 16, stdout.lock());
    // A line at a time, not locked: progress is shown beside it.
    let mut err = std::io::LineWriter::new(stderr);
    let exit = aistat::run(&argv, &env, &mut out, &mut err);
    let _ = out.flush();
    ExitCode::from(exit as u8)
}
