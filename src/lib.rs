//! aistat.
